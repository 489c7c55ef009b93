package dev.kiln.cli;

import dev.kiln.KilnException;
import java.util.Locale;

/** Numbers of bytes as people write and read them. */
final class Sizes {
  private static final String UNITS = "kmgt";

  private Sizes() {}

  /**
   * Reads {@code 4g} or {@code 500M}: a whole number, and perhaps a unit of 1024 to some power.
   *
   * @param option which it was given for
   * @throws KilnException where it is no size, or 0
   */
  static long parse(String option, String size) {
    int unit =
        size.isEmpty() ? -1 : UNITS.indexOf(Character.toLowerCase(size.charAt(size.length() - 1)));
    String digits = unit < 0 ? size : size.substring(0, size.length() - 1);
    try {
      long bytes = Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1)));
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new KilnException(
          option + " '" + size + "' is no size; write a whole number with k, m, g or t, such as 4g",
          e);
    }
    throw new KilnException(option + " '" + size + "' is no size; it must be at least 1");
  }

  /** Three digits and a unit: {@code 1.46 GiB}. */
  static String text(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024) {
      value /= 1024;
      unit++;
    }
    String digits =
        String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    return digits + " " + "KMGTPE".charAt(unit) + "iB";
  }
}
