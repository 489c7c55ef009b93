package dev.kiln.oracle;

import dev.kiln.DType;
import java.util.SplittableRandom;

/**
 * Random arguments of a function, spread so that every way of going wrong gets its share: any bits;
 * any magnitude about 1; the hard ranges; close to their ends; next to multiples of π/2; results
 * about the ends of the range, or close to zero.
 */
public final class Arguments {
  private final Reference function;
  private final DType dtype;
  private final double[] ranges;
  private final boolean circular;
  private double x;
  private double y;

  public Arguments(Reference function, DType dtype) {
    this.function = function;
    this.dtype = dtype;
    this.ranges = function.ranges();
    this.circular =
        switch (function) {
          case SIN, COS, TAN -> true;
          default -> false;
        };
  }

  /** The first argument of the last draw. */
  public double x() {
    return x;
  }

  /** The second. */
  public double y() {
    return y;
  }

  /** Draws the next. */
  public void next(SplittableRandom random) {
    int bits = random.nextInt();
    int kind = bits & 7;
    if (function.arity() == 1) {
      x = single(kind, random);
      y = x;
    } else {
      pair(kind, random);
    }
    if (dtype == DType.FLOAT32) {
      x = narrow(x);
      y = narrow(y);
    }
  }

  private static float narrow(double value) {
    return (float) value;
  }

  private double single(int kind, SplittableRandom random) {
    return switch (kind) {
      case 0 -> anyBits(random);
      case 1, 2 -> magnitude(random, -64, 12);
      case 3, 4 -> inRange(random);
      case 5 -> near(ranges[random.nextInt(ranges.length)], random);
      default -> circular ? nearMultiple(random) : inRange(random);
    };
  }

  private double anyBits(SplittableRandom random) {
    return dtype == DType.FLOAT32
        ? Float.intBitsToFloat(random.nextInt())
        : Double.longBitsToDouble(random.nextLong());
  }

  /** ±2<sup>e</sup> with e between two bounds. */
  private static double magnitude(SplittableRandom random, int low, int high) {
    double magnitude = Math.scalb(1 + random.nextDouble(), random.nextInt(low, high));
    return random.nextBoolean() ? magnitude : -magnitude;
  }

  private double inRange(SplittableRandom random) {
    int pair = random.nextInt(ranges.length) & -2;
    double low = Math.min(ranges[pair], ranges[pair + 1]);
    return low + random.nextDouble() * (Math.max(ranges[pair], ranges[pair + 1]) - low);
  }

  /** Up to a million steps away, or fewer. */
  private double near(double x, SplittableRandom random) {
    int steps = random.nextInt() >> random.nextInt(12, 32);
    return dtype == DType.FLOAT32
        ? Float.intBitsToFloat(Float.floatToRawIntBits((float) x) + steps)
        : Double.longBitsToDouble(Double.doubleToRawLongBits(x) + steps);
  }

  private double nearMultiple(SplittableRandom random) {
    boolean worst = random.nextInt(4) == 0;
    double x =
        worst
            ? NearestToHalfPi.draw(dtype, random)
            : (random.nextLong() >>> random.nextInt(12, 64)) * (Math.PI / 4);
    return near(random.nextBoolean() ? x : -x, random.nextInt(-1, 2));
  }

  private double near(double x, int steps) {
    return dtype == DType.FLOAT32
        ? (float) x + steps * Math.ulp((float) x)
        : x + steps * Math.ulp(x);
  }

  private void pair(int kind, SplittableRandom random) {
    if (kind < 2) {
      x = anyBits(random);
      y = kind == 0 ? anyBits(random) : x * magnitude(random, -70, 70);
      return;
    }
    switch (function) {
      case POW -> power(kind, random);
      case LOGADDEXP -> exponents(kind, random);
      default -> {
        x = kind < 5 ? anyBits(random) : kind < 6 ? magnitude(random, -30, 30) : inRange(random);
        // of like size, and where the exponents are far apart too
        int apart = kind < 4 ? 2 : 60;
        y = x * magnitude(random, -apart, apart);
      }
    }
  }

  private void power(int kind, SplittableRandom random) {
    boolean single = dtype == DType.FLOAT32;
    double least = single ? -151 : -1076;
    double most = single ? 128.1 : 1024.1;
    x =
        switch (kind) {
          case 2, 3 -> inRange(random);
          case 4 -> Math.abs(anyBits(random));
          case 5 -> magnitude(random, -20, 20);
          default -> Math.abs(magnitude(random, -60, 60));
        };
    x = single ? (float) x : x;
    if (kind == 5) {
      y = random.nextInt(-40, 40); // whole, of bases of either sign
      return;
    }
    // all results, and those next to overflow and underflow
    double log2 =
        switch (random.nextInt(4)) {
          case 0 -> most - random.nextDouble() * 0.5;
          case 1 -> least + random.nextDouble() * (single ? 25 : 54);
          default -> least + random.nextDouble() * (most - least);
        };
    y = log2 * Math.log(2) / Math.log(x);
  }

  private void exponents(int kind, SplittableRandom random) {
    switch (kind) {
      case 2, 3 -> {
        x = random.nextDouble(-700, 700);
        y = x + random.nextDouble(-40, 40);
      }
      case 4, 5 -> {
        x = random.nextDouble(-2, 2);
        y = random.nextDouble(-2, 2);
      }
      case 6 -> {
        x = Math.abs(magnitude(random, -60, 0));
        y = random.nextDouble(-60, 0);
      }
      default -> { // results around zero
        x = -Math.abs(magnitude(random, -30, 0));
        x = dtype == DType.FLOAT32 ? (float) x : x;
        double result = x * magnitude(random, random.nextInt(8) == 0 ? -50 : -15, 0);
        y = Math.log(Math.expm1(result) - Math.expm1(x));
      }
    }
  }
}
