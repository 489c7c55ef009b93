package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Bits;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Values worth testing with, in the form of {@link Bits}. */
public final class TestData {
  private static final double[] REALS = {
    0,
    1,
    0.5,
    1.5,
    2.5,
    2,
    3,
    7.25,
    10,
    1e-5,
    0.1,
    0.49999999999999994,
    127.5,
    128,
    255.5,
    256,
    32768,
    65536,
    0x1p23,
    0x1p23 + 1,
    0x1p31,
    0x1p32,
    0x1p52 + 1,
    0x1p53,
    0x1p63,
    0x1p64,
    1e5,
    1e6,
    88.5,
    103.9,
    709.5,
    745,
    1e300,
    Math.PI,
    Math.PI / 2,
    Double.MAX_VALUE,
    Double.MIN_NORMAL,
    Double.MIN_VALUE,
    Float.MAX_VALUE,
    Float.MIN_NORMAL,
    Float.MIN_VALUE,
    Double.POSITIVE_INFINITY
  };

  /** What random elements look like. */
  public enum Kind {
    /** Special values and random patterns of bits. */
    ANYTHING,
    /**
     * Numbers between -100 and 100 that reductions neither overflow nor drown in NaN with; 0 and 1
     * for bool.
     */
    ORDINARY,
    /** Of widely different magnitudes and both signs, so that the order of a sum shows. */
    UNEVEN,
    /** Close to 1 and -1, for products that stay in range. */
    NEAR_ONE,
    /** Few different values, so that extremes tie; both zeros. */
    TIES
  }

  private TestData() {}

  /** The special values of a dtype. */
  public static List<Long> special(DType dtype) {
    List<Long> values = new ArrayList<>();
    switch (dtype.kind()) {
      case BOOL -> values.addAll(List.of(0L, 1L));
      case SIGNED, UNSIGNED -> {
        long min = dtype.isUnsigned() ? 0 : -1L << (dtype.bits() - 1);
        for (long value : new long[] {0, 1, 2, 3, 5, 7, 8, 10, 15, 16, 31, 32, 63, 64, 100}) {
          values.add(Bits.wrap(dtype, value));
          values.add(Bits.wrap(dtype, -value));
        }
        for (long value : new long[] {0, 1, -1, -2}) {
          values.add(Bits.wrap(dtype, min + value));
        }
        values.add(Bits.wrap(dtype, 1L << (dtype.bits() - 1)));
      }
      case FLOAT -> {
        for (double value : REALS) {
          values.add(Bits.ofDouble(dtype, value));
          values.add(Bits.ofDouble(dtype, -value));
        }
        values.addAll(nans(dtype));
      }
      case COMPLEX -> throw new AssertionError(dtype);
    }
    return values.stream().distinct().toList();
  }

  /** The canonical NaN, its negative, and one with a payload. */
  private static List<Long> nans(DType dtype) {
    return dtype == DType.FLOAT32
        ? List.of(0x7fc00000L, 0xffc00000L, 0x7fc12345L)
        : List.of(0x7ff8000000000000L, 0xfff8000000000000L, 0x7ff8000012345678L);
  }

  /** Random elements. */
  public static long[] random(DType dtype, int size, Kind kind, RandomGenerator random) {
    List<Long> special = special(dtype);
    long[] bits = new long[size];
    for (int i = 0; i < size; i++) {
      bits[i] =
          switch (kind) {
            case ANYTHING ->
                random.nextInt(4) == 0
                    ? special.get(random.nextInt(special.size()))
                    : pattern(dtype, random);
            case ORDINARY ->
                dtype.isFloat()
                    ? Bits.ofDouble(dtype, random.nextDouble(-100, 100))
                    : Bits.wrap(dtype, random.nextLong(-100, 101) & (dtype == DType.BOOL ? 1 : -1));
            case UNEVEN ->
                dtype.isFloat()
                    ? Bits.ofDouble(
                        dtype, random.nextDouble(-1, 1) * Math.pow(2, random.nextInt(-30, 30)))
                    : pattern(dtype, random);
            case NEAR_ONE ->
                dtype.isFloat()
                    ? Bits.ofDouble(
                        dtype, (random.nextBoolean() ? 1 : -1) * random.nextDouble(0.99, 1.01))
                    : pattern(dtype, random);
            case TIES ->
                dtype.isFloat()
                    ? Bits.ofDouble(dtype, new double[] {-1, -0.0, 0.0, 1}[random.nextInt(4)])
                    : Bits.wrap(dtype, random.nextInt(3));
          };
    }
    return bits;
  }

  private static long pattern(DType dtype, RandomGenerator random) {
    return switch (dtype) {
      // Half of them plain numbers: random patterns of bits are mostly huge, tiny or, as arguments,
      // out of domain.
      case FLOAT32 ->
          random.nextBoolean()
              ? random.nextInt() & 0xffff_ffffL
              : Bits.of((float) (random.nextGaussian() * 4));
      case FLOAT64 -> random.nextBoolean() ? random.nextLong() : Bits.of(random.nextGaussian() * 4);
      case BOOL -> random.nextInt(2);
      default -> Bits.wrap(dtype, random.nextLong());
    };
  }

  /** An array of random elements. */
  public static Node source(DType dtype, Shape shape, Kind kind, RandomGenerator random) {
    return TestGraphs.source(dtype, shape, random(dtype, (int) shape.size(), kind, random));
  }
}
