package dev.kiln.io;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.function.LongFunction;

/**
 * Prints floating-point numbers as NumPy does: the fewest digits that tell a number from its
 * neighbours, at most 8 of them after the point, aligned with the other numbers of the array.
 */
final class FloatText {
  private static final int PRECISION = 8;

  private FloatText() {}

  /** The elements of an array, by position. */
  @FunctionalInterface
  interface Source {
    double at(long position);
  }

  /** One number by itself, as {@code str(numpy.float64(x))}. */
  static String scalar(boolean single, double value) {
    if (!Double.isFinite(value)) {
      return nonFinite(value);
    }
    double magnitude = Math.abs(value);
    boolean positional = magnitude == 0 || (magnitude >= 1e-4 && magnitude < (single ? 1e6 : 1e16));
    if (positional) {
      Parts parts = positional(single, value, Integer.MAX_VALUE);
      return parts.whole + "." + (parts.fraction.isEmpty() ? "0" : parts.fraction);
    }
    Parts parts = scientific(single, value, Integer.MAX_VALUE);
    return parts.whole
        + (parts.fraction.isEmpty() ? "" : "." + parts.fraction)
        + exponent(parts.exponent, 2);
  }

  /** How the elements of an array appear, given the positions of all that do. */
  static LongFunction<String> aligned(boolean single, Source values, long[] positions) {
    double[] finite =
        Arrays.stream(positions).mapToDouble(values::at).filter(Double::isFinite).toArray();
    boolean scientific = wantsExponent(single, finite);
    int left = 0;
    int right = 0;
    int exponentDigits = 2;
    for (double value : finite) {
      Parts parts =
          scientific ? scientific(single, value, PRECISION) : positional(single, value, PRECISION);
      left = Math.max(left, parts.whole.length());
      right = Math.max(right, parts.fraction.length());
      exponentDigits =
          Math.max(exponentDigits, Integer.toString(Math.abs(parts.exponent)).length());
    }
    int tail = scientific ? right + 2 + exponentDigits : right;
    for (long position : positions) {
      double value = values.at(position);
      if (!Double.isFinite(value)) {
        left = Math.max(left, nonFinite(value).length() - tail - 1);
      }
    }
    int width = left + 1 + tail;
    int fraction = right;
    int digits = exponentDigits;
    return position -> {
      double value = values.at(position);
      if (!Double.isFinite(value)) {
        return padLeft(nonFinite(value), width);
      }
      if (scientific) {
        Parts parts = exactly(value, fraction);
        return padLeft(
            parts.whole + "." + parts.fraction + exponent(parts.exponent, digits), width);
      }
      Parts parts = positional(single, value, PRECISION);
      String text =
          parts.whole + "." + parts.fraction + " ".repeat(fraction - parts.fraction.length());
      return padLeft(text, width);
    };
  }

  /**
   * Very large, very small, or too different to share one number of digits. NumPy compares in the
   * array's own dtype.
   */
  private static boolean wantsExponent(boolean single, double[] finite) {
    double[] magnitudes = Arrays.stream(finite).map(Math::abs).filter(x -> x != 0).toArray();
    if (magnitudes.length == 0) {
      return false;
    }
    double max = Arrays.stream(magnitudes).max().getAsDouble();
    double min = Arrays.stream(magnitudes).min().getAsDouble();
    return single
        ? max >= 1e6 || min < 1e-4f || (float) max / (float) min > 1000
        : max >= 1e8 || min < 1e-4 || max / min > 1000;
  }

  /**
   * The pieces of a number: {@code -1}, {@code 25}, and for scientific notation the power of ten.
   */
  private record Parts(String whole, String fraction, int exponent) {}

  private static Parts positional(boolean single, double value, int precision) {
    BigDecimal digits = shortest(single, Math.abs(value));
    if (digits.scale() > precision) {
      digits = new BigDecimal(Math.abs(value)).setScale(precision, RoundingMode.HALF_EVEN);
    }
    String plain = digits.signum() == 0 ? "0" : digits.stripTrailingZeros().toPlainString();
    int point = plain.indexOf('.');
    String whole = point < 0 ? plain : plain.substring(0, point);
    return new Parts(sign(value) + whole, point < 0 ? "" : plain.substring(point + 1), 0);
  }

  private static Parts scientific(boolean single, double value, int precision) {
    BigDecimal digits = shortest(single, Math.abs(value));
    if (digits.signum() == 0) {
      return new Parts(sign(value) + "0", "", 0);
    }
    if (digits.precision() - 1 > precision) {
      digits = rounded(value, precision).stripTrailingZeros();
    }
    return parts(value, digits);
  }

  /**
   * Exactly so many digits after the point: further ones are those of the exact value, as in NumPy,
   * and not zeros.
   */
  private static Parts exactly(double value, int fraction) {
    if (value == 0) {
      return new Parts(sign(value) + "0", "0".repeat(fraction), 0);
    }
    BigDecimal digits = rounded(value, fraction);
    int missing = fraction + 1 - digits.precision();
    return parts(value, missing > 0 ? digits.setScale(digits.scale() + missing) : digits);
  }

  private static BigDecimal rounded(double value, int fraction) {
    return new BigDecimal(Math.abs(value))
        .round(new MathContext(fraction + 1, RoundingMode.HALF_EVEN));
  }

  private static Parts parts(double value, BigDecimal digits) {
    String all = digits.unscaledValue().toString();
    return new Parts(
        sign(value) + all.charAt(0), all.substring(1), all.length() - 1 - digits.scale());
  }

  /**
   * The fewest digits that read back as this number. Java's own text has at least two, where one
   * may do.
   */
  private static BigDecimal shortest(boolean single, double magnitude) {
    BigDecimal digits =
        new BigDecimal(single ? Float.toString((float) magnitude) : Double.toString(magnitude))
            .stripTrailingZeros();
    if (digits.precision() == 2) {
      BigDecimal one = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
      double back = single ? one.floatValue() : one.doubleValue();
      if (back == magnitude) {
        return one.stripTrailingZeros();
      }
    }
    return digits;
  }

  private static String exponent(int exponent, int digits) {
    String power = Integer.toString(Math.abs(exponent));
    return "e"
        + (exponent < 0 ? "-" : "+")
        + "0".repeat(Math.max(0, digits - power.length()))
        + power;
  }

  private static String sign(double value) {
    return Double.doubleToRawLongBits(value) < 0 ? "-" : "";
  }

  private static String nonFinite(double value) {
    return Double.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  }

  private static String padLeft(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
