package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * The natural logarithm.
 *
 * <p>log(x) = k ln 2 + log(m) with x = 2<sup>k</sup> m and m around 1: in [2/3, 4/3) for float32,
 * where log(1 + f) = f − f²/2 + f³ P(f), and in [√½, √2) for float64, where with s = f / (2 + f), z
 * = s² log(1 + f) = 2 atanh(s) = f − f²/2 + s (f²/2 + z Q(z)). P and Q are minimax polynomials. k
 * times the high part of ln 2 is added to f with its rounding error kept, and all small terms are
 * collected before they meet the large one.
 */
public final class Logarithm {
  private Logarithm() {}

  /** log(x): −∞ for zeros, NaN below. */
  public static Value log(Value x) {
    LogarithmParts parts = LogarithmParts.of(x);
    Value k = parts.k();
    Value f = parts.f();
    return Logarithms.domain(x, x.dtype() == DType.FLOAT32 ? float32(k, f) : float64(k, f));
  }

  private static Value float32(Value k, Value f) {
    Ln2 ln2 = Ln2.shortFirst(DType.FLOAT32);
    Value square = f.mul(f);
    Value cubic = square.mul(f).fma(Polynomial.horner(f, LOG_FLOAT32), k.mul(ln2.low()));
    Value small = square.fma(-0.5, cubic);
    return sum(k, ln2.high(), f, small);
  }

  private static Value float64(Value k, Value f) {
    Ln2 ln2 = Ln2.shortFirst(DType.FLOAT64);
    Value s = f.div(f.add(2.0));
    Value z = s.mul(s);
    Value tail = Polynomial.horner(z, LOG_FLOAT64).mul(z);
    Value halfSquare = f.mul(0.5).mul(f);
    Value small = s.fma(halfSquare.add(tail), k.mul(ln2.low())).sub(halfSquare);
    return sum(k, ln2.high(), f, small);
  }

  /**
   * k ln2 + f + small; k ln2 is zero or larger than f, so that the error of the first sum comes out
   * exactly.
   */
  private static Value sum(Value k, double ln2, Value f, Value small) {
    Value large = k.fma(ln2, f);
    Value error = f.sub(k.fma(-ln2, large));
    return large.add(error.add(small));
  }

  // (log(1 + f) - f + f^2 / 2) / f^3
  static final double[] LOG_FLOAT32 = {
    0.3333321511745453,
    -0.24999797344207764,
    0.20010414719581604,
    -0.16680505871772766,
    0.14005719125270844,
    -0.12183906883001328,
    0.13985216617584229,
    -0.12893499433994293
  };

  // (2 atanh(s) - 2 s) / s^3 by powers of s^2
  static final double[] LOG_FLOAT64 = {
    0.6666666666666734,
    0.39999999999416397,
    0.285714287421364,
    0.22222198589468684,
    0.18183563848741163,
    0.15314055367825657,
    0.14795961796640522
  };
}
