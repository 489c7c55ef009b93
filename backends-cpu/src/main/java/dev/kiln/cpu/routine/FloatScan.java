package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Running sums of float32 in vectors: a chunk of 16 lies in one, two or four of them. An element h
 * places before comes by rotating lanes, those that enter coming from the vector before. Loaded
 * only where the Vector API is there.
 */
final class FloatScan implements Scan {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final VectorShuffle<Float> BACK_1 = back(1);
  private static final VectorShuffle<Float> BACK_2 = back(2);
  private static final VectorShuffle<Float> BACK_4 = back(4);
  private static final VectorShuffle<Float> BACK_8 = back(8);
  private static final VectorMask<Float> FIRST_1 = first(1);
  private static final VectorMask<Float> FIRST_2 = first(2);
  private static final VectorMask<Float> FIRST_4 = first(4);
  private static final VectorMask<Float> FIRST_8 = first(8);
  private static final VectorShuffle<Float> LAST = VectorShuffle.fromOp(S, lane -> S.length() - 1);
  private static final FloatVector NOTHING = FloatVector.broadcast(S, -0.0f);
  private static final FloatVector NAN = FloatVector.broadcast(S, Float.NaN);

  private final Scan scalar = new ScalarScan(Fold.SUM, DType.FLOAT32);

  /** Whether chunks fit these vectors; 16-byte vectors of two lanes gain nothing. */
  static boolean fits() {
    return LANES >= 4 && LANES <= CHUNK;
  }

  /** Lane i takes lane i − h, around the end. */
  private static VectorShuffle<Float> back(int h) {
    return VectorShuffle.fromOp(S, lane -> Math.floorMod(lane - h, S.length()));
  }

  private static VectorMask<Float> first(int h) {
    return VectorMask.fromLong(S, (1L << Math.min(h, S.length())) - 1);
  }

  @Override
  public void local(long x, long out, int n, long carry) {
    int whole = n & -CHUNK;
    float before = Bits.toFloat(carry);
    if (whole > 0) {
      before =
          switch (CHUNK / LANES) {
            case 1 -> ones(x, out, whole, before);
            case 2 -> twos(x, out, whole, before);
            default -> fours(x, out, whole, before);
          };
    }
    if (whole < n) {
      long at = (long) whole * Float.BYTES;
      scalar.local(x + at, out + at, n - whole, Bits.of(before));
    }
  }

  /** A chunk in one vector. */
  private static float ones(long x, long out, int n, float before) {
    FloatVector carry = FloatVector.broadcast(S, before);
    for (long at = 0; at < (long) n * Float.BYTES; at += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(S, Raw.ALL, x + at, ORDER);
      v = v.add(v.rearrange(BACK_1).blend(NOTHING, FIRST_1));
      v = v.add(v.rearrange(BACK_2).blend(NOTHING, FIRST_2));
      v = v.add(v.rearrange(BACK_4).blend(NOTHING, FIRST_4));
      v = v.add(v.rearrange(BACK_8).blend(NOTHING, FIRST_8));
      v = v.add(carry);
      v.intoMemorySegment(Raw.ALL, out + at, ORDER);
      carry = v.rearrange(LAST);
    }
    return carry.lane(0);
  }

  /** A chunk in two vectors. */
  private static float twos(long x, long out, int n, float before) {
    FloatVector carry = FloatVector.broadcast(S, before);
    for (long at = 0; at < (long) n * Float.BYTES; at += 2L * BYTES) {
      FloatVector a = FloatVector.fromMemorySegment(S, Raw.ALL, x + at, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, Raw.ALL, x + at + BYTES, ORDER);
      FloatVector r = a.rearrange(BACK_1);
      b = b.add(b.rearrange(BACK_1).blend(r, FIRST_1));
      a = a.add(r.blend(NOTHING, FIRST_1));
      r = a.rearrange(BACK_2);
      b = b.add(b.rearrange(BACK_2).blend(r, FIRST_2));
      a = a.add(r.blend(NOTHING, FIRST_2));
      r = a.rearrange(BACK_4);
      b = b.add(b.rearrange(BACK_4).blend(r, FIRST_4));
      a = a.add(r.blend(NOTHING, FIRST_4));
      b = b.add(a);
      a.add(carry).intoMemorySegment(Raw.ALL, out + at, ORDER);
      b = b.add(carry);
      b.intoMemorySegment(Raw.ALL, out + at + BYTES, ORDER);
      carry = b.rearrange(LAST);
    }
    return carry.lane(0);
  }

  /** A chunk in four vectors. */
  private static float fours(long x, long out, int n, float before) {
    FloatVector carry = FloatVector.broadcast(S, before);
    for (long at = 0; at < (long) n * Float.BYTES; at += 4L * BYTES) {
      FloatVector a = FloatVector.fromMemorySegment(S, Raw.ALL, x + at, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, Raw.ALL, x + at + BYTES, ORDER);
      FloatVector c = FloatVector.fromMemorySegment(S, Raw.ALL, x + at + 2L * BYTES, ORDER);
      FloatVector d = FloatVector.fromMemorySegment(S, Raw.ALL, x + at + 3L * BYTES, ORDER);
      FloatVector ra = a.rearrange(BACK_1);
      FloatVector rb = b.rearrange(BACK_1);
      FloatVector rc = c.rearrange(BACK_1);
      d = d.add(d.rearrange(BACK_1).blend(rc, FIRST_1));
      c = c.add(rc.blend(rb, FIRST_1));
      b = b.add(rb.blend(ra, FIRST_1));
      a = a.add(ra.blend(NOTHING, FIRST_1));
      ra = a.rearrange(BACK_2);
      rb = b.rearrange(BACK_2);
      rc = c.rearrange(BACK_2);
      d = d.add(d.rearrange(BACK_2).blend(rc, FIRST_2));
      c = c.add(rc.blend(rb, FIRST_2));
      b = b.add(rb.blend(ra, FIRST_2));
      a = a.add(ra.blend(NOTHING, FIRST_2));
      d = d.add(c);
      c = c.add(b);
      b = b.add(a);
      d = d.add(b);
      c = c.add(a);
      a.add(carry).intoMemorySegment(Raw.ALL, out + at, ORDER);
      b.add(carry).intoMemorySegment(Raw.ALL, out + at + BYTES, ORDER);
      c.add(carry).intoMemorySegment(Raw.ALL, out + at + 2L * BYTES, ORDER);
      d = d.add(carry);
      d.intoMemorySegment(Raw.ALL, out + at + 3L * BYTES, ORDER);
      carry = d.rearrange(LAST);
    }
    return carry.lane(0);
  }

  @Override
  public void shift(long out, int n, long offset) {
    int whole = n - n % LANES;
    FloatVector before = FloatVector.broadcast(S, Bits.toFloat(offset));
    for (long at = 0; at < (long) whole * Float.BYTES; at += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(S, Raw.ALL, out + at, ORDER).add(before);
      v.blend(NAN, v.compare(VectorOperators.NE, v)).intoMemorySegment(Raw.ALL, out + at, ORDER);
    }
    scalar.shift(out + (long) whole * Float.BYTES, n - whole, offset);
  }

  @Override
  public void combine(long a, long b, long out, int n) {
    int whole = n - n % LANES;
    for (long at = 0; at < (long) whole * Float.BYTES; at += BYTES) {
      FloatVector u = FloatVector.fromMemorySegment(S, Raw.ALL, a + at, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(S, Raw.ALL, b + at, ORDER);
      u.add(v).intoMemorySegment(Raw.ALL, out + at, ORDER);
    }
    long at = (long) whole * Float.BYTES;
    scalar.combine(a + at, b + at, out + at, n - whole);
  }

  @Override
  public void finish(long a, long b, long out, int n) {
    int whole = n - n % LANES;
    for (long at = 0; at < (long) whole * Float.BYTES; at += BYTES) {
      FloatVector u = FloatVector.fromMemorySegment(S, Raw.ALL, a + at, ORDER);
      FloatVector v = u.add(FloatVector.fromMemorySegment(S, Raw.ALL, b + at, ORDER));
      v.blend(NAN, v.compare(VectorOperators.NE, v)).intoMemorySegment(Raw.ALL, out + at, ORDER);
    }
    long at = (long) whole * Float.BYTES;
    scalar.finish(a + at, b + at, out + at, n - whole);
  }
}
