package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;

/**
 * Cheaper forms of some functions, for engines that are asked to be relaxed: without the low parts
 * that keep the others within one unit of the last place. They too are one definition each, and
 * make the same bits everywhere. Special values are those of the strict forms.
 *
 * <p>Functions that are missing here have no form that is much cheaper and still good for most
 * digits everywhere.
 */
public final class Relaxed {
  private Relaxed() {}

  /** The strict form's quotient alone. */
  public static Value atan(Value x) {
    Value one = x.like(1.0);
    Value a = x.abs();
    Value n = a.min(one);
    Value d = a.max(one);
    Value near = n.add(n).ge(d);
    Value t = near.select(n.sub(d), n).div(near.select(n.add(d), d));
    Value z = t.mul(t);
    Value angle = t.mul(z).fma(Arctangent.tail(z), t);
    Value octant = near.select(angle.add(Math.PI / 4), angle);
    Value y = a.gt(one).select(x.like(Math.PI / 2).sub(octant), octant);
    return FloatParts.withSignOf(y.bitcast(FloatFormat.of(x).bits()), x);
  }

  /** k + log2(e) log(1 + f), both terms rounded. */
  public static Value log2(Value x) {
    LogarithmParts parts = LogarithmParts.of(x);
    return Logarithms.domain(x, log1p(parts.f()).fma(Ln2Reduction.LOG2_E, parts.k()));
  }

  /** log10(2) k + log10(e) log(1 + f), both terms rounded. */
  public static Value log10(Value x) {
    LogarithmParts parts = LogarithmParts.of(x);
    Value fraction = log1p(parts.f()).mul(0x1.bcb7b1526e50ep-2);
    return Logarithms.domain(x, parts.k().fma(0x1.34413509f79ffp-2, fraction));
  }

  /** For f in the range of {@link LogarithmParts}. */
  private static Value log1p(Value f) {
    if (f.dtype() == DType.FLOAT32) {
      Value tail = f.fma(Polynomial.horner(f, Logarithm.LOG_FLOAT32), -0.5);
      return f.mul(f).fma(tail, f);
    }
    Value s = f.div(f.add(2.0));
    Value z = s.mul(s);
    Value halfSquare = f.mul(0.5).mul(f);
    Value tail = Polynomial.horner(z, Logarithm.LOG_FLOAT64).fma(z, halfSquare);
    return f.sub(halfSquare.sub(s.mul(tail)));
  }

  /** 1 / (1 + t) or t / (1 + t) with t = exp(−|x|). */
  public static Value sigmoid(Value x) {
    Value t = Exponential.exp(x.abs().neg());
    return x.lt(0.0).select(t, x.like(1.0)).div(t.add(1.0));
  }
}
