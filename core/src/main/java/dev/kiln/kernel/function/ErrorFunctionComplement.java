package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The complement of the error function, and the normal distribution function.
 *
 * <p>For a ≥ 0.46, erfc(a) = exp(−a²) P(q) / (1 + 2a) with q = (a − K) / (a + K), P a minimax
 * polynomial: Shepherd and Laframboise (1981) give Chebyshev series of this kind. a², the quotients
 * and P's first term are sums of two floats, and exp(−a²) = 2<sup>n</sup> (1 + expm1(r)). Next to
 * 0, erf(x) = 2 x / √π + x³ R(x²), R a minimax polynomial.
 */
public final class ErrorFunctionComplement {
  private ErrorFunctionComplement() {}

  /** erfc(x) = 1 − erf(x): 0 for ∞, 2 for −∞. */
  public static Value erfc(Value x) {
    Value a = x.abs();
    Value y = complement(a, a.like(0.0), TwoFloat.product(a, a), 0);
    Value far = x.lt(0.0).select(y.like(2.0).sub(y), y);
    return a.lt(BORDER).select(near(x).neg().add(1.0), far);
  }

  /** The distribution function of the standard normal distribution, erfc(−x / √2) / 2. */
  public static Value normalCdf(Value x) {
    double[] factor = x.dtype() == DType.FLOAT32 ? ROOT_HALF_FLOAT32 : ROOT_HALF_FLOAT64;
    Value magnitude = x.abs();
    TwoFloat a = TwoFloat.product(magnitude, x.like(factor[0]));
    Value low = magnitude.fma(factor[1], a.low());
    Value y = complement(a.high(), low, TwoFloat.product(magnitude.mul(0.5), magnitude), 1);
    Value far = x.gt(0.0).select(y.like(1.0).sub(y), y);
    Value half = FloatParts.copySign(near(a.high()), x).mul(0.5);
    return a.high().lt(BORDER).select(half.add(0.5), far);
  }

  /** erf(x) for |x| at most 1/2. */
  private static Value near(Value x) {
    boolean single = x.dtype() == DType.FLOAT32;
    Value z = x.mul(x);
    Value tail = Polynomial.horner(z, single ? ERF_FLOAT32 : ERF_FLOAT64);
    double[] factor = single ? TWO_OVER_ROOT_PI_FLOAT32 : TWO_OVER_ROOT_PI_FLOAT64;
    return x.fma(factor[0], x.mul(tail.fma(z, factor[1])));
  }

  /**
   * erfc(a + low) / 2<sup>halvings</sup> for a not below {@link #BORDER}.
   *
   * @param square (a + low)²
   */
  private static Value complement(Value a, Value low, TwoFloat square, int halvings) {
    boolean single = a.dtype() == DType.FLOAT32;
    double k = single ? K_FLOAT32 : K_FLOAT64;
    Value one = a.like(1.0);

    Value q = a.sub(k).div(a.add(k));
    Value divisor = a.fma(2.0, one);
    Value divisorLow = a.fma(2.0, one.sub(divisor)).add(low.add(low));
    Value r = one.div(divisor);
    Value negative = r.neg();
    Value rLow = negative.fma(divisorLow, negative.fma(divisor, one)).mul(r);

    double[] constant = single ? ERFC_0_FLOAT32 : ERFC_0_FLOAT64;
    Value rest = Polynomial.horner(q, single ? ERFC_FLOAT32 : ERFC_FLOAT64);
    Value p = q.fma(rest, a.like(constant[0]));
    Value pLow = q.fma(rest, a.like(constant[0]).sub(p)).add(constant[1]);
    Value g = p.mul(r);
    Value gLow = p.fma(rLow, pLow.fma(r, p.fma(r, g.neg())));

    Ln2Reduction reduction = Ln2Reduction.of(square.high().neg(), Ln2.shortFirst(a.dtype()));
    Value s = reduction.r();
    Value sLow = reduction.parts().low().sub(square.low());
    Value s2 = s.mul(s);
    Value tail = Exponentials.expm1Tail(s);
    Value e = tail.fma(s2, s);
    Value eLow = tail.fma(s2, s.sub(e)).add(sLow.fma(e, sLow));
    Value main = g.fma(e, g);
    Value mainLow = g.fma(e, g.sub(main));
    Value y = main.add(g.fma(eLow, gLow.fma(e, gLow)).add(mainLow));

    Value scaled = PowerOfTwo.of(reduction.shifted(), halvings).times(y);
    return a.gt(single ? 10.1 : 27.3).select(a.like(0.0), scaled);
  }

  /** Below it erf is less than 1/2, so that its error counts little in 1 − erf. */
  private static final double BORDER = 0.46;

  private static final double[] TWO_OVER_ROOT_PI_FLOAT32 = {0x1.20dd76p+0, -0x1.f7ac92p-25};
  private static final double[] TWO_OVER_ROOT_PI_FLOAT64 = {
    0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56
  };
  private static final double[] ROOT_HALF_FLOAT32 = {0x1.6a09e6p-1, 0x1.9fcef4p-27};
  private static final double[] ROOT_HALF_FLOAT64 = {0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55};

  // (erf(x) / x - 2 / sqrt(pi)) / x^2 by powers of x^2
  private static final double[] ERF_FLOAT32 = {
    -0.37612617015838623, 0.11282943934202194, -0.026763543486595154, 0.0047290693037211895
  };
  private static final double[] ERF_FLOAT64 = {
    -0.37612638903183754,
    0.11283791670955215,
    -0.026866170645134923,
    0.005223977624662542,
    -0.0008548326802894775,
    0.00012055305253951645,
    -1.4923730785118347e-05,
    1.6386270577987348e-06,
    -1.4750844855693357e-07
  };

  // (1 + 2a) exp(a^2) erfc(a) by powers of (a - K) / (a + K), the first coefficient in two parts
  private static final double K_FLOAT32 = 2.5;
  private static final double K_FLOAT64 = 3.5;
  private static final double[] ERFC_0_FLOAT32 = {0x1.43cc700000000p+0, -0x1.331acc0000000p-25};
  private static final double[] ERFC_0_FLOAT64 = {0x1.3e0a99a0ee914p+0, -0x1.7d9df5ae796e6p-57};
  private static final double[] ERFC_FLOAT32 = {
    -0.12235677242279053,
    -0.09902435541152954,
    0.1576302945613861,
    -0.10297086834907532,
    0.0327555276453495,
    0.0009593820432201028,
    -0.004348399583250284,
    0.00041008039261214435,
    0.0005342683871276677
  };
  private static final double[] ERFC_FLOAT64 = {
    -0.14000918013761943,
    -0.010555596332218382,
    0.09751909515326003,
    -0.11508959816018612,
    0.08798315382480833,
    -0.0488233258280401,
    0.019099330943481905,
    -0.004215019906222983,
    -0.0003022678888453908,
    0.0005643844082616375,
    -0.00012151234796131239,
    -4.278219964632446e-05,
    2.4260640403672967e-05,
    2.3282495205127976e-06,
    -3.813667851261607e-06,
    -4.417499933353806e-08,
    5.991013076159974e-07,
    -7.964667446625855e-09,
    -9.216406902856532e-08,
    5.808155105240599e-10,
    1.0105418799418387e-08
  };
}
