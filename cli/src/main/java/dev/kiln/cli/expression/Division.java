package dev.kiln.cli.expression;

import java.math.BigDecimal;
import java.math.MathContext;

/** Division of plain numbers as Python does it. The divisor is never 0. */
final class Division {
  /** Enough for a quotient halfway between two doubles, which has at most 61 of them. */
  private static final MathContext DIGITS = new MathContext(64);

  private Division() {}

  /** {@code a / b} of whole numbers, rounded once: as doubles they may be rounded before. */
  static double exact(long a, long b) {
    double quotient = BigDecimal.valueOf(a).divide(BigDecimal.valueOf(b), DIGITS).doubleValue();
    return Math.copySign(quotient, (double) a / b);
  }

  /** {@code a // b}. */
  static double floor(double a, double b) {
    // The remainder is exact, so what is left is nearly a multiple of b, however large.
    double remainder = a % b;
    double multiple = (a - remainder) / b;
    double quotient = haveOtherSigns(remainder, b) ? multiple - 1 : multiple;
    if (quotient == 0) {
      return Math.copySign(0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  /** {@code a % b}, of the sign of b. */
  static double remainder(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0, b);
    }
    return haveOtherSigns(remainder, b) ? remainder + b : remainder;
  }

  private static boolean haveOtherSigns(double remainder, double b) {
    return (remainder < 0 && b > 0) || (remainder > 0 && b < 0);
  }
}
