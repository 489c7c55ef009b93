package dev.kiln.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write and read them. */
final class Sizes {
  private static final String UNITS = "kmgt";

  /** {@code 4g}, {@code 1.5GB}, {@code 10 GiB}: however it is written, units are of 1024. */
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([kmgt]?)(?:i?b)?");

  private Sizes() {}

  /**
   * Reads {@code 4g}, {@code 500M} or {@code 1.5GiB}: a number, and perhaps a unit of 1024 to some
   * power. What is left of a byte is dropped.
   *
   * @param option which it was given for
   * @throws UsageException where it is no size, or 0
   */
  static long parse(String option, String size) {
    Matcher parts = SIZE.matcher(size.toLowerCase(Locale.ROOT));
    if (parts.matches()) {
      int power = parts.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(parts.group(2));
      BigDecimal bytes =
          new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
      if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
        if (bytes.longValue() > 0) {
          return bytes.longValue();
        }
        throw new UsageException(option + " '" + size + "' is no size; it must be at least 1");
      }
    }
    throw new UsageException(
        option + " '" + size + "' is no size; write a number with k, m, g or t, such as 4g");
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
