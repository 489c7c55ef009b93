package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import java.util.Random;

/** Elements that find faults: special values, extremes, and everything between. */
final class RandomValues {
  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2,
    3,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MAX_VALUE,
    Float.MIN_VALUE,
    Float.MAX_VALUE,
    1e-40,
    2147483648.0,
    -2147483649.0,
    9.3e18,
    -9.3e18,
    1e30
  };

  private RandomValues() {}

  static long one(DType dtype, Random random) {
    if (dtype == DType.BOOL) {
      return random.nextInt(2);
    }
    if (dtype.isFloat()) {
      return switch (random.nextInt(4)) {
        case 0 -> Bits.ofDouble(dtype, SPECIAL[random.nextInt(SPECIAL.length)]);
        case 1 -> dtype == DType.FLOAT32 ? random.nextInt() & 0xffff_ffffL : random.nextLong();
        default -> Bits.ofDouble(dtype, random.nextGaussian() * 10);
      };
    }
    return switch (random.nextInt(3)) {
      case 0 -> Bits.wrap(dtype, random.nextInt(9) - 4);
      case 1 -> Bits.wrap(dtype, (1L << (dtype.bits() - 1)) - 1 + random.nextInt(3));
      default -> Bits.wrap(dtype, random.nextLong());
    };
  }

  static long[] many(DType dtype, int count, Random random) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = one(dtype, random);
    }
    return values;
  }
}
