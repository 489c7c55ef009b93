package dev.kiln.oracle;

import dev.kiln.DType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Of every magnitude, the floats that come nearest to a multiple of π/2: with x = m 2<sup>e</sup>,
 * m is the denominator of a convergent of the continued fraction of 2<sup>e</sup> · 2/π.
 */
public final class NearestToHalfPi {
  private static final int BITS = 1400;
  // 2/pi over 2^BITS
  private static final BigInteger TWO_OVER_PI =
      BigInteger.ONE.shiftLeft(2 * BITS + 1).divide(BigOracle.pi(BITS));
  private static final double[] FLOAT32 = all(24, -24, 104);
  private static final double[] FLOAT64 = all(53, -53, 971);

  private NearestToHalfPi() {}

  /** All of them that are of a dtype, two of each exponent. */
  public static double[] all(DType dtype) {
    return of(dtype).clone();
  }

  static double draw(DType dtype, SplittableRandom random) {
    double[] all = of(dtype);
    return all[random.nextInt(all.length)];
  }

  private static double[] of(DType dtype) {
    return dtype == DType.FLOAT32 ? FLOAT32 : FLOAT64;
  }

  private static double[] all(int precision, int least, int most) {
    List<Double> all = new ArrayList<>();
    for (int e = least; e <= most; e++) {
      all.addAll(ofExponent(precision, e));
    }
    return all.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The last two convergents' denominators of the precision, times 2<sup>e</sup>. */
  private static List<Double> ofExponent(int precision, int e) {
    BigInteger a = e < 0 ? TWO_OVER_PI : TWO_OVER_PI.shiftLeft(e);
    BigInteger b = BigInteger.ONE.shiftLeft(BITS - Math.min(e, 0));
    long before = 0;
    long q = 1;
    long limit = 1L << precision;
    a = a.mod(b);
    while (true) {
      BigInteger[] parts = b.divideAndRemainder(a);
      boolean large = parts[0].bitLength() > 60;
      long next =
          large ? limit : Math.addExact(Math.multiplyExact(parts[0].longValue(), q), before);
      if (next >= limit) {
        return List.of(Math.scalb((double) before, e), Math.scalb((double) q, e));
      }
      before = q;
      q = next;
      b = a;
      a = parts[1];
    }
  }
}
