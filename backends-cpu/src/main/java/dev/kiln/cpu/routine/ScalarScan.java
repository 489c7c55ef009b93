package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import dev.kiln.kernel.ScalarMeaning;

/** Running sums and products without vectors, of every dtype. */
final class ScalarScan implements Scan {
  private final DType dtype;
  private final int bytes;
  private final Opcode op;
  private final boolean sum;
  private final FloatLanes floats;
  private final DoubleLanes doubles;

  ScalarScan(Fold fold, DType dtype) {
    this.dtype = dtype;
    this.bytes = dtype.bytes();
    this.sum = fold == Fold.SUM;
    this.floats = new FloatLanes(sum);
    this.doubles = new DoubleLanes(sum);
    this.op = sum ? Opcode.ADD : Opcode.MUL;
  }

  @Override
  public void local(long x, long out, int n, long carry) {
    switch (dtype) {
      case FLOAT32 -> floats.local(x, out, n, Bits.toFloat(carry));
      case FLOAT64 -> doubles.local(x, out, n, Bits.toDouble(carry));
      default -> {
        // Integers wrap: any order gives the same.
        long running = carry;
        for (int i = 0; i < n; i++) {
          long element = Raw.get(dtype, x + (long) i * bytes);
          running = Bits.wrap(dtype, sum ? running + element : running * element);
          Raw.set(dtype, out + (long) i * bytes, running);
        }
      }
    }
  }

  @Override
  public void shift(long out, int n, long offset) {
    switch (dtype) {
      case FLOAT32 -> floats.shift(out, n, Bits.toFloat(offset));
      case FLOAT64 -> doubles.shift(out, n, Bits.toDouble(offset));
      default -> {
        for (int i = 0; i < n; i++) {
          long at = out + (long) i * bytes;
          Raw.set(dtype, at, apply(offset, Raw.get(dtype, at)));
        }
      }
    }
  }

  @Override
  public void combine(long a, long b, long out, int n) {
    for (int i = 0; i < n; i++) {
      long at = (long) i * bytes;
      Raw.set(dtype, out + at, apply(Raw.get(dtype, a + at), Raw.get(dtype, b + at)));
    }
  }

  @Override
  public void finish(long a, long b, long out, int n) {
    for (int i = 0; i < n; i++) {
      long at = (long) i * bytes;
      long result = apply(Raw.get(dtype, a + at), Raw.get(dtype, b + at));
      Raw.set(dtype, out + at, Bits.canonical(dtype, result));
    }
  }

  private long apply(long a, long b) {
    return switch (dtype) {
      case FLOAT32 -> {
        float x = Bits.toFloat(a);
        float y = Bits.toFloat(b);
        yield Bits.of(sum ? x + y : x * y);
      }
      case FLOAT64 -> {
        double x = Bits.toDouble(a);
        double y = Bits.toDouble(b);
        yield Bits.of(sum ? x + y : x * y);
      }
      default -> ScalarMeaning.apply(op, dtype, dtype, a, b, 0);
    };
  }
}
