package dev.kiln.oracle;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The functions by a library of big decimals, or by plain series of them. */
final class BigDecimals {
  private static final BigDecimal ONE = BigDecimal.ONE;
  private static final BigDecimal TWO = BigDecimal.TWO;

  private BigDecimals() {}

  /**
   * The relative difference of the oracle from them; NaN where they are not asked: for special
   * values, and for arguments that take hundreds of digits.
   */
  static double difference(Reference function, double x, double y) {
    Exact exact = function.at(x, y);
    boolean two = function.arity() == 2;
    if (!Double.isFinite(x)
        || !Double.isFinite(y)
        || !Double.isFinite(exact.high())
        || exact.high() == 0
        || Math.abs(exact.scale()) > 5000
        || isFar(function, x, y)) {
      return Double.NaN;
    }
    int magnitude =
        Math.max(Math.abs(Math.getExponent(x)), Math.abs(Math.getExponent(exact.high())));
    int small = magnitude / 3;
    MathContext context = new MathContext(50 + 2 * small, RoundingMode.HALF_EVEN);
    BigDecimal expected = value(function, new BigDecimal(x), new BigDecimal(two ? y : 0), context);
    BigDecimal power = TWO.pow(Math.abs(exact.scale()));
    BigDecimal sum = new BigDecimal(exact.high()).add(new BigDecimal(exact.low()));
    BigDecimal given = exact.scale() < 0 ? sum.divide(power, context) : sum.multiply(power);
    return given.subtract(expected).divide(expected, context).abs().doubleValue();
  }

  private static boolean isFar(Reference function, double x, double y) {
    double a = Math.abs(x);
    return switch (function) {
      case ACOS, ASIN, ATANH -> a < 0x1p-80;
      case ACOSH, ASINH, ATAN, RELAXED_ATAN, LOG1P -> a < 0x1p-80 || a > 0x1p80;
      case SINH, COSH, TANH, EXP, EXP2, EXPM1 -> a < 0x1p-80 || a > 100;
      case SIGMOID, RELAXED_SIGMOID, SOFTPLUS -> a < 0x1p-80 || a > 100;
      case ERF, ERFC, NORMAL_CDF -> a < 0x1p-80 || a > 20;
      case SIN, COS, TAN -> a < 0x1p-80;
      case ATAN2 -> Math.abs(Math.getExponent(x) - Math.getExponent(y)) > 80;
      case LOGADDEXP -> Math.abs(x - y) > 200 || Math.max(a, Math.abs(y)) > 1e4 || a < 1e-20;
      case POW -> x < 0;
      case CBRT -> a < 0x1p-80 || a > 0x1p80;
      case HYPOT, LOG, LOG2, RELAXED_LOG2, LOG10, RELAXED_LOG10, RSQRT -> false;
    };
  }

  private static BigDecimal value(Reference function, BigDecimal x, BigDecimal y, MathContext c) {
    BigDecimal a = x.abs();
    return switch (function) {
      case ACOS -> BigDecimalMath.acos(x, c);
      case ACOSH -> BigDecimalMath.acosh(x, c);
      case ASIN -> BigDecimalMath.asin(x, c);
      case ASINH -> BigDecimalMath.asinh(x, c);
      case ATAN, RELAXED_ATAN -> BigDecimalMath.atan(x, c);
      case ATAN2 -> BigDecimalMath.atan2(x, y, c);
      case ATANH -> BigDecimalMath.atanh(x, c);
      case CBRT -> sign(BigDecimalMath.root(a, BigDecimal.valueOf(3), c), x);
      case COS -> BigDecimalMath.cos(x, c);
      case COSH -> BigDecimalMath.cosh(x, c);
      case ERF -> erf(x, c);
      case ERFC -> erfc(x, c);
      case EXP -> BigDecimalMath.exp(x, c);
      case EXP2 -> BigDecimalMath.pow(TWO, x, c);
      case EXPM1 -> BigDecimalMath.exp(x, c).subtract(ONE);
      case HYPOT -> x.multiply(x).add(y.multiply(y)).sqrt(c);
      case LOG -> BigDecimalMath.log(x, c);
      case LOG1P -> BigDecimalMath.log(ONE.add(x), c);
      case LOG2, RELAXED_LOG2 -> BigDecimalMath.log2(x, c);
      case LOG10, RELAXED_LOG10 -> BigDecimalMath.log10(x, c);
      case LOGADDEXP ->
          BigDecimalMath.log(BigDecimalMath.exp(x, c).add(BigDecimalMath.exp(y, c)), c);
      case NORMAL_CDF -> erfc(x.negate().divide(TWO.sqrt(wider(c, x)), wider(c, x)), c).divide(TWO);
      case POW -> BigDecimalMath.exp(y.multiply(BigDecimalMath.log(x, c)), c);
      case RSQRT -> ONE.divide(x.sqrt(c), c);
      case SIGMOID, RELAXED_SIGMOID -> ONE.divide(ONE.add(BigDecimalMath.exp(x.negate(), c)), c);
      case SIN -> BigDecimalMath.sin(x, c);
      case SINH -> BigDecimalMath.sinh(x, c);
      case SOFTPLUS ->
          x.signum() > 0
              ? x.add(BigDecimalMath.log(ONE.add(BigDecimalMath.exp(x.negate(), c)), c))
              : BigDecimalMath.log(ONE.add(BigDecimalMath.exp(x, wider(c, x))), wider(c, x));
      case TAN -> BigDecimalMath.tan(x, c);
      case TANH -> BigDecimalMath.tanh(x, c);
    };
  }

  private static BigDecimal sign(BigDecimal magnitude, BigDecimal x) {
    return x.signum() < 0 ? magnitude.negate() : magnitude;
  }

  /** Enough for what cancels in 1 − erf(x), and in log(1 + exp(x)). */
  private static MathContext wider(MathContext c, BigDecimal x) {
    double a = Math.min(40, Math.abs(x.doubleValue()));
    return new MathContext(
        c.getPrecision()
            + 20
            + (int) Math.max(a * a, Math.min(1000, Math.abs(x.doubleValue())) / 2));
  }

  private static BigDecimal erfc(BigDecimal x, MathContext c) {
    return ONE.subtract(erf(x, wider(c, x)));
  }

  /** The alternating series. */
  private static BigDecimal erf(BigDecimal x, MathContext c) {
    MathContext wide = wider(c, x);
    BigDecimal square = x.multiply(x, wide);
    BigDecimal term = x;
    BigDecimal sum = x;
    BigDecimal least = x.abs().scaleByPowerOfTen(-wide.getPrecision());
    for (int k = 1; term.abs().compareTo(least) > 0; k++) {
      term = term.multiply(square, wide).divide(BigDecimal.valueOf(-k), wide);
      sum = sum.add(term.divide(BigDecimal.valueOf(2 * k + 1), wide));
    }
    return sum.multiply(TWO).divide(BigDecimalMath.pi(wide).sqrt(wide), wide);
  }
}
