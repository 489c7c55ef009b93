package dev.kiln.cpu.routine;

import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Quicksort's passes over keys of 32 bits, 8 or 16 in a vector. Loaded only where the Vector API is
 * there.
 */
final class IntPasses {
  private static final VectorSpecies<Integer> S = IntVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final IntVector LANE = IntVector.zero(S).addIndex(1);
  private static final VectorShuffle<Integer> XOR_1 = xor(1);
  private static final VectorShuffle<Integer> XOR_2 = xor(2);
  private static final VectorShuffle<Integer> XOR_3 = xor(3);
  private static final VectorShuffle<Integer> XOR_4 = xor(4);
  private static final VectorShuffle<Integer> XOR_7 = xor(7);
  private static final VectorShuffle<Integer> XOR_8 = xor(8);
  private static final VectorShuffle<Integer> XOR_15 = xor(15);
  private static final VectorShuffle<Integer> REVERSE = xor(LANES - 1);
  private static final VectorMask<Integer> UPPER_1 = upper(1);
  private static final VectorMask<Integer> UPPER_2 = upper(2);
  private static final VectorMask<Integer> UPPER_4 = upper(4);
  private static final VectorMask<Integer> UPPER_8 = upper(8);

  private static final int INFINITY = 0x7f80_0000;
  private static final int NAN = Float.floatToRawIntBits(Float.NaN);

  private IntPasses() {}

  /** Whether rows have a size for which there are passes. */
  static boolean fits() {
    return LANES == 8 || LANES == 16;
  }

  static SortPasses all() {
    return new SortPasses(
        Integer.BYTES,
        LANES,
        IntPasses::split,
        IntPasses::pivot,
        IntPasses::fill,
        IntPasses::load,
        LANES == 16 ? List.of(IntPasses::sixteen) : List.of(),
        List.of(IntPasses::two, IntPasses::four, IntPasses::eight),
        IntPasses::lanewise,
        IntPasses::turn,
        IntPasses::ofReal,
        IntPasses::toReal);
  }

  private static VectorShuffle<Integer> xor(int bits) {
    return VectorShuffle.fromOp(S, lane -> (lane ^ bits) & (S.length() - 1));
  }

  /** The lanes in whose number a bit is set. */
  private static VectorMask<Integer> upper(int bit) {
    return LANE.lanewise(VectorOperators.AND, bit).compare(VectorOperators.NE, 0);
  }

  private static long split(long data, long n, long room, long key) {
    IntVector pivot = IntVector.broadcast(S, (int) key);
    int rest = (int) (n & (LANES - 1));
    long end = data + Integer.BYTES * (n - rest);
    // What is no whole row comes first, since a row that is stored may go beyond what it counts
    // for; and each row is loaded before the one ahead of it is stored, which may reach into it.
    IntVector last =
        IntVector.fromMemorySegment(S, Raw.ALL, data + Integer.BYTES * n - BYTES, ORDER);
    IntVector next = IntVector.fromMemorySegment(S, Raw.ALL, data, ORDER);
    VectorMask<Integer> counts = LANE.compare(VectorOperators.GE, LANES - rest);
    VectorMask<Integer> below = last.compare(VectorOperators.LT, pivot).and(counts);
    VectorMask<Integer> others = counts.andNot(below);
    last.compress(below).intoMemorySegment(Raw.ALL, data, ORDER);
    last.compress(others).intoMemorySegment(Raw.ALL, room, ORDER);
    long left = data + (long) Integer.BYTES * below.trueCount();
    long right = room + (long) Integer.BYTES * others.trueCount();
    for (long at = data; at < end; at += BYTES) {
      IntVector row = next;
      next = IntVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER);
      VectorMask<Integer> low = row.compare(VectorOperators.LT, pivot);
      row.compress(low).intoMemorySegment(Raw.ALL, left, ORDER);
      row.compress(low.not()).intoMemorySegment(Raw.ALL, right, ORDER);
      long bytes = (long) Integer.BYTES * low.trueCount();
      left += bytes;
      right += BYTES - bytes;
    }
    return (left - data) / Integer.BYTES;
  }

  /** The median of a row of medians of three. */
  private static long pivot(long data, long n, long to, long key) {
    long quarter = n / 4 * Integer.BYTES;
    IntVector a = IntVector.fromMemorySegment(S, Raw.ALL, data + quarter, ORDER);
    IntVector b = IntVector.fromMemorySegment(S, Raw.ALL, data + 2 * quarter, ORDER);
    IntVector c = IntVector.fromMemorySegment(S, Raw.ALL, data + 3 * quarter, ORDER);
    IntVector v = a.min(b).max(a.max(b).min(c));
    IntVector w = v.rearrange(XOR_1);
    v = v.min(w).blend(v.max(w), UPPER_1);
    w = v.rearrange(XOR_3);
    v = v.min(w).blend(v.max(w), UPPER_2);
    w = v.rearrange(XOR_1);
    v = v.min(w).blend(v.max(w), UPPER_1);
    w = v.rearrange(XOR_7);
    v = v.min(w).blend(v.max(w), UPPER_4);
    w = v.rearrange(XOR_2);
    v = v.min(w).blend(v.max(w), UPPER_2);
    w = v.rearrange(XOR_1);
    v = v.min(w).blend(v.max(w), UPPER_1);
    if (LANES == 16) {
      w = v.rearrange(XOR_15);
      v = v.min(w).blend(v.max(w), UPPER_8);
      w = v.rearrange(XOR_4);
      v = v.min(w).blend(v.max(w), UPPER_4);
      w = v.rearrange(XOR_2);
      v = v.min(w).blend(v.max(w), UPPER_2);
      w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
    }
    return v.lane(LANES / 2);
  }

  private static long fill(long from, long n, long to, long key) {
    IntVector row = IntVector.broadcast(S, (int) key);
    long end = to + Integer.BYTES * n;
    for (long at = to; at < end; at += BYTES) {
      row.intoMemorySegment(Raw.ALL, at, ORDER);
    }
    return 0;
  }

  private static long load(long from, long n, long to, long key) {
    long step = to - from;
    long end = from + Integer.BYTES * n;
    for (long at = from; at < end; at += BYTES) {
      int left = (int) (end - at) / Integer.BYTES;
      IntVector v =
          IntVector.fromMemorySegment(S, Raw.ALL, at, ORDER)
              .blend(Integer.MAX_VALUE, LANE.compare(VectorOperators.GE, left));
      IntVector w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
      w = v.rearrange(XOR_3);
      v = v.min(w).blend(v.max(w), UPPER_2);
      w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
      w = v.rearrange(XOR_7);
      v = v.min(w).blend(v.max(w), UPPER_4);
      w = v.rearrange(XOR_2);
      v = v.min(w).blend(v.max(w), UPPER_2);
      w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
      v.intoMemorySegment(Raw.ALL, at + step, ORDER);
    }
    return 0;
  }

  private static long sixteen(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += BYTES) {
      IntVector v = IntVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      IntVector w = v.rearrange(XOR_15);
      v = v.min(w).blend(v.max(w), UPPER_8);
      w = v.rearrange(XOR_4);
      v = v.min(w).blend(v.max(w), UPPER_4);
      w = v.rearrange(XOR_2);
      v = v.min(w).blend(v.max(w), UPPER_2);
      w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
      v.intoMemorySegment(Raw.ALL, at, ORDER);
    }
    return 0;
  }

  private static long lanewise(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += BYTES) {
      IntVector v = IntVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      IntVector w;
      if (LANES == 16) {
        w = v.rearrange(XOR_8);
        v = v.min(w).blend(v.max(w), UPPER_8);
      }
      w = v.rearrange(XOR_4);
      v = v.min(w).blend(v.max(w), UPPER_4);
      w = v.rearrange(XOR_2);
      v = v.min(w).blend(v.max(w), UPPER_2);
      w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
      v.intoMemorySegment(Raw.ALL, at, ORDER);
    }
    return 0;
  }

  private static long two(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 2L * BYTES) {
      IntVector a = IntVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER).rearrange(REVERSE);
      a.min(b).intoMemorySegment(Raw.ALL, at, ORDER);
      a.max(b).intoMemorySegment(Raw.ALL, at + BYTES, ORDER);
    }
    return 0;
  }

  private static long four(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 4L * BYTES) {
      IntVector a = IntVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER);
      IntVector c =
          IntVector.fromMemorySegment(S, Raw.ALL, at + 2L * BYTES, ORDER).rearrange(REVERSE);
      IntVector d =
          IntVector.fromMemorySegment(S, Raw.ALL, at + 3L * BYTES, ORDER).rearrange(REVERSE);
      IntVector lowA = a.min(d);
      IntVector lowB = b.min(c);
      IntVector highC = b.max(c);
      IntVector highD = a.max(d);
      lowA.min(lowB).intoMemorySegment(Raw.ALL, at, ORDER);
      lowA.max(lowB).intoMemorySegment(Raw.ALL, at + BYTES, ORDER);
      highC.min(highD).intoMemorySegment(Raw.ALL, at + 2L * BYTES, ORDER);
      highC.max(highD).intoMemorySegment(Raw.ALL, at + 3L * BYTES, ORDER);
    }
    return 0;
  }

  // Written out: a method would be too large to be compiled in place where it is not called often.
  private static long eight(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 8L * BYTES) {
      IntVector a = IntVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER);
      IntVector c = IntVector.fromMemorySegment(S, Raw.ALL, at + 2L * BYTES, ORDER);
      IntVector d = IntVector.fromMemorySegment(S, Raw.ALL, at + 3L * BYTES, ORDER);
      IntVector e =
          IntVector.fromMemorySegment(S, Raw.ALL, at + 4L * BYTES, ORDER).rearrange(REVERSE);
      IntVector f =
          IntVector.fromMemorySegment(S, Raw.ALL, at + 5L * BYTES, ORDER).rearrange(REVERSE);
      IntVector g =
          IntVector.fromMemorySegment(S, Raw.ALL, at + 6L * BYTES, ORDER).rearrange(REVERSE);
      IntVector h =
          IntVector.fromMemorySegment(S, Raw.ALL, at + 7L * BYTES, ORDER).rearrange(REVERSE);
      IntVector lowA = a.min(h);
      IntVector lowB = b.min(g);
      IntVector lowC = c.min(f);
      IntVector lowD = d.min(e);
      IntVector lowLowA = lowA.min(lowC);
      IntVector lowLowB = lowB.min(lowD);
      IntVector lowHighC = lowA.max(lowC);
      IntVector lowHighD = lowB.max(lowD);
      lowLowA.min(lowLowB).intoMemorySegment(Raw.ALL, at, ORDER);
      lowLowA.max(lowLowB).intoMemorySegment(Raw.ALL, at + BYTES, ORDER);
      lowHighC.min(lowHighD).intoMemorySegment(Raw.ALL, at + 2L * BYTES, ORDER);
      lowHighC.max(lowHighD).intoMemorySegment(Raw.ALL, at + 3L * BYTES, ORDER);
      IntVector highA = d.max(e);
      IntVector highB = c.max(f);
      IntVector highC = b.max(g);
      IntVector highD = a.max(h);
      IntVector highLowA = highA.min(highC);
      IntVector highLowB = highB.min(highD);
      IntVector highHighC = highA.max(highC);
      IntVector highHighD = highB.max(highD);
      highLowA.min(highLowB).intoMemorySegment(Raw.ALL, at + 4L * BYTES, ORDER);
      highLowA.max(highLowB).intoMemorySegment(Raw.ALL, at + 5L * BYTES, ORDER);
      highHighC.min(highHighD).intoMemorySegment(Raw.ALL, at + 6L * BYTES, ORDER);
      highHighC.max(highHighD).intoMemorySegment(Raw.ALL, at + 7L * BYTES, ORDER);
    }
    return 0;
  }

  private static long turn(long from, long n, long to, long key) {
    IntVector bits = IntVector.broadcast(S, (int) key);
    for (long at = 0; at < n * Integer.BYTES; at += BYTES) {
      IntVector.fromMemorySegment(S, Raw.ALL, from + at, ORDER)
          .lanewise(VectorOperators.XOR, bits)
          .intoMemorySegment(Raw.ALL, to + at, ORDER);
    }
    return 0;
  }

  private static long ofReal(long from, long n, long to, long key) {
    IntVector bits = IntVector.broadcast(S, (int) key);
    for (long at = 0; at < n * Integer.BYTES; at += BYTES) {
      IntVector v = IntVector.fromMemorySegment(S, Raw.ALL, from + at, ORDER);
      IntVector magnitude = v.and(Integer.MAX_VALUE);
      // A magnitude with a sign becomes a number in two's complement, and back below.
      IntVector turns = v.lanewise(VectorOperators.ASHR, Integer.SIZE - 1).and(Integer.MAX_VALUE);
      IntVector turned =
          v.lanewise(VectorOperators.XOR, turns)
              .blend(0, v.compare(VectorOperators.EQ, Integer.MIN_VALUE))
              .blend(Integer.MAX_VALUE, magnitude.compare(VectorOperators.GT, INFINITY));
      turned.lanewise(VectorOperators.XOR, bits).intoMemorySegment(Raw.ALL, to + at, ORDER);
    }
    return 0;
  }

  private static long toReal(long from, long n, long to, long key) {
    IntVector bits = IntVector.broadcast(S, (int) key);
    for (long at = 0; at < n * Integer.BYTES; at += BYTES) {
      IntVector v =
          IntVector.fromMemorySegment(S, Raw.ALL, from + at, ORDER)
              .lanewise(VectorOperators.XOR, bits);
      IntVector turns = v.lanewise(VectorOperators.ASHR, Integer.SIZE - 1).and(Integer.MAX_VALUE);
      v.lanewise(VectorOperators.XOR, turns)
          .blend(NAN, v.compare(VectorOperators.EQ, Integer.MAX_VALUE))
          .intoMemorySegment(Raw.ALL, to + at, ORDER);
    }
    return 0;
  }
}
