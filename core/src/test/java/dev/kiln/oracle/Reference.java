package dev.kiln.oracle;

import dev.kiln.DType;
import dev.kiln.kernel.function.Elementary;

/**
 * What each elementary function should give, how far from it the composites may be, and where they
 * are most likely to be wrong.
 */
@SuppressWarnings("ImmutableEnumChecker") // References to methods hold nothing, arrays are kept.
public enum Reference {
  ACOS(Circular::acos, 0.69, 0.76, -1, 1, 0.45, 0.65, -0.6, -0.45, 0.9999, 1, -0.5, 0.5),
  ACOSH(Hyperbolic::acosh, 0.58, 0.57, 1, 1.0001, 1, 1.5, 1, 3, 1, 100, 0x1p20, 0x1p35),
  ASIN(Circular::asin, 0.72, 0.78, -1, 1, 0.45, 0.6, 0.9999, 1, -0.5, -0.25, -0x1p-12, 0x1p-12),
  ASINH(Hyperbolic::asinh, 0.58, 0.58, -0.5, 0.5, 0.3, 2, -30, 30, -0x1p-13, 0x1p30),
  ATAN(Circular::atan, 0.76, 0.72, -1, 1, 0.4, 0.52, 0.5, 0.6, 0.9, 1.1, 1.9, 2.1, -20, 20),
  ATAN2(Circular::atan2, 0.88, 0.80, -1, 1, 0.3, 3, -0x1p60, 0x1p60),
  ATANH(Hyperbolic::atanh, 0.58, 0.57, -0.25, 0.25, 0.15, 0.5, 0.4, 1, -1, -0.99),
  CBRT(Root::cbrt, 0.501, 0.501, 1, 8, -1, 1, 0, 0x1p-60, 0, 0x1p-700),
  COS(Circular::cos, 0.89, 0.90, -0.8, 0.8, -100, 100, -0x1p15, 0x1p15, -1e9, 1e9, -0x1p45, 0x1p45),
  COSH(Hyperbolic::cosh, 0.77, 0.89, -0.35, 0.35, 0.34, 1.1, -3, 3, -40, 40, 88.72284, -710.475861),
  ERF(Erf::erf, 1.3, 1.3, -0.5, 0.5, 0.9, 1.1, 0.5, 2, 1, 6),
  ERFC(Erf::erfc, 1.2, 1.2, -0.5, 0.5, 0.4, 1.5, -6, 0, 1, 6, 6, 10.1, 10, 26.5, 26.5, 27.3),
  EXP(ExpLog::exp, 0.98, 0.99, -2, 2, -745.14, 709.79, -745.14, -708, -104, -87.3, 88.7, 88.73),
  EXP2(ExpLog::exp2, 0.87, 0.91, -1, 1, -1022, 1024, -1075, -1021, -150, -126, 127.9, 128),
  EXPM1(ExpLog::expm1, 0.90, 0.91, -0.35, 0.36, 0.33, 0.37, -40, 2, -45, 45, 88.7, 709.79, -1, 18),
  HYPOT(Root::hypot, 0.501, 1.05, -1, 1, 0x1p498, 0x1p502, 0x1p-402, 0x1p-398),
  LOG(
      ExpLog::log,
      0.86,
      0.85,
      0.5,
      2,
      0.999,
      1.001,
      1e-3,
      1e3,
      0,
      1e-300,
      1e-45,
      1e-38,
      1e300,
      1e308),
  LOG1P(
      ExpLog::log1p,
      0.71,
      0.72,
      -0.3,
      0.5,
      -0.31,
      -0.28,
      0.4,
      0.43,
      -1,
      0,
      1,
      1000,
      -0.5,
      -0.3333,
      0.33333,
      0.66667,
      1.33333,
      2,
      1e-8,
      1e-7,
      1e300,
      1e308),
  LOG2(
      ExpLog::log2,
      0.73,
      0.77,
      0.5,
      2,
      1.35,
      1.45,
      0.999,
      1.001,
      1e-3,
      1e3,
      0,
      1e-300,
      0.66667,
      1.33333,
      1e300,
      1e308),
  LOG10(
      ExpLog::log10,
      0.71,
      0.72,
      0.5,
      2,
      1.35,
      1.45,
      0.999,
      1.001,
      1e-3,
      1e3,
      0,
      1e-300,
      0.66667,
      1.33333,
      1e300,
      1e308),
  LOGADDEXP(ExpLog::logaddexp, 1.5, 1.5, -2, 2, -700, 700, -0.9, -0.6),
  NORMAL_CDF(
      Erf::normalCdf,
      1.4,
      1.4,
      -0.7,
      0.7,
      -1.5,
      -0.6,
      0,
      9,
      -6,
      0,
      -37.4,
      -6,
      -38.6,
      -37.4,
      -15,
      -14),
  POW(ExpLog::pow, 0.51, 1.33, 0.6, 1.6, 0.7, 0.72, 1.4, 1.43, 0.999999, 1.000001),
  RSQRT(Root::rsqrt, 0.86, 0.86, 1, 4, 0, 1, 0, 0x1p-1000, 0, 0x1p-120),
  SIGMOID(
      ExpLog::sigmoid,
      0.90,
      0.85,
      -2,
      2,
      -45,
      45,
      -745.2,
      -700,
      -104,
      -87.3,
      -0.88,
      -0.64,
      -17,
      17),
  SIN(Circular::sin, 0.89, 0.90, -0.8, 0.8, -100, 100, -0x1p15, 0x1p15, -1e9, 1e9, -0x1p45, 0x1p45),
  SINH(Hyperbolic::sinh, 0.96, 0.91, -0.35, 0.35, 0.34, 1.1, -3, 3, -40, 40, 88.72284, -710.475861),
  SOFTPLUS(
      ExpLog::softplus, 0.51, 0.85, -2, 2, -45, 45, -745.2, -700, -104, -87.3, -0.9, -0.6, -17, 17),
  TAN(
      Circular::tan,
      0.51,
      1.25,
      -0.8,
      0.8,
      0.75,
      0.8,
      2.2,
      2.4,
      -100,
      100,
      -1e9,
      1e9,
      -0x1p45,
      0x1p45),
  TANH(Hyperbolic::tanh, 1, 1, 0, 0.2, 0.7, 0.8, -3, 3, 3, 21, 8.6, 9.1, 18.6, 19.1),

  // The cheaper forms that relaxed engines use.
  RELAXED_ATAN(ATAN, 2.2, 2.2),
  RELAXED_LOG10(LOG10, 3.6, 2.1),
  RELAXED_LOG2(LOG2, 1.9, 2.0),
  RELAXED_SIGMOID(SIGMOID, 2.6, 2.6);

  // So that 2^-53 of it has all digits.
  private static final double LEAST = 0x1p-960;

  private interface OneArgument {
    Exact at(double x);
  }

  private interface TwoArguments {
    Exact at(double x, double y);
  }

  private final int arity;
  private final TwoArguments value;
  private final double float32;
  private final double float64;
  private final double[] ranges;
  private final boolean relaxed;

  /**
   * @param float32 the largest error allowed in float32, in units in the last place: a little more
   *     than the largest found
   * @param float64 likewise
   * @param ranges pairs of arguments: between them, and close to each, it is hard
   */
  Reference(OneArgument value, double float32, double float64, double... ranges) {
    this.arity = 1;
    this.value = (x, y) -> value.at(x);
    this.float32 = float32;
    this.float64 = float64;
    this.ranges = ranges;
    this.relaxed = false;
  }

  Reference(TwoArguments value, double float32, double float64, double... ranges) {
    this.arity = 2;
    this.value = value;
    this.float32 = float32;
    this.float64 = float64;
    this.ranges = ranges;
    this.relaxed = false;
  }

  /** The cheaper form of a function. */
  Reference(Reference strict, double float32, double float64) {
    this.arity = strict.arity;
    this.value = strict.value;
    this.float32 = float32;
    this.float64 = float64;
    this.ranges = strict.ranges;
    this.relaxed = true;
  }

  public int arity() {
    return arity;
  }

  /** Whether only relaxed engines compute it, in place of the function that it approximates. */
  public boolean isRelaxed() {
    return relaxed;
  }

  /** The composite. */
  public Elementary elementary() {
    return Elementary.valueOf(name());
  }

  /** Of (x, y); a function of one argument does not look at y. */
  public Exact at(double x, double y) {
    return value.at(x, y);
  }

  /**
   * How far a value of the function at (x, y) is from the exact one, in units in the last place.
   *
   * <p>logaddexp is the larger argument plus a logarithm. Where they cancel to less than half of
   * it, an error of the larger argument counts: the unit is 2<sup>−53</sup> of that, if it is more,
   * and the sign may be wrong. In float32 it is 2<sup>−46</sup>: the logarithm is computed in
   * float64, of the rounded difference of the arguments, which may exceed 64.
   */
  public double error(double x, double y, double value, DType dtype) {
    Exact exact = at(x, y);
    double ulps = exact.ulps(value, dtype);
    double larger = Math.abs(Math.max(x, y));
    if (this != LOGADDEXP || ulps <= 0.5 || larger < LEAST || exact.distance(0) > larger / 2) {
      return ulps;
    }
    double units = exact.distance(value) / (larger * (dtype == DType.FLOAT32 ? 0x1p-46 : 0x1p-53));
    return units < ulps ? units : ulps; // a NaN stays infinitely wrong
  }

  /** The largest error that a composite may have, in units in the last place. */
  public double bound(DType dtype) {
    return dtype == DType.FLOAT32 ? float32 : float64;
  }

  /** Ends of ranges, from the lower to the upper. */
  double[] ranges() {
    return ranges.clone();
  }
}
