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
    IntVector last = load(data + Integer.BYTES * n - BYTES);
    IntVector next = load(data);
    VectorMask<Integer> counts = LANE.compare(VectorOperators.GE, LANES - rest);
    VectorMask<Integer> below = last.compare(VectorOperators.LT, pivot).and(counts);
    VectorMask<Integer> others = counts.andNot(below);
    store(last.compress(below), data);
    store(last.compress(others), room);
    long left = data + (long) Integer.BYTES * below.trueCount();
    long right = room + (long) Integer.BYTES * others.trueCount();
    for (long at = data; at < end; at += BYTES) {
      IntVector row = next;
      next = load(at + BYTES);
      VectorMask<Integer> low = row.compare(VectorOperators.LT, pivot);
      store(row.compress(low), left);
      store(row.compress(low.not()), right);
      long bytes = (long) Integer.BYTES * low.trueCount();
      left += bytes;
      right += BYTES - bytes;
    }
    return (left - data) / Integer.BYTES;
  }

  /** The median of a row of medians of three. */
  private static long pivot(long data, long n, long to, long key) {
    long quarter = n / 4 * Integer.BYTES;
    IntVector a = load(data + quarter);
    IntVector b = load(data + 2 * quarter);
    IntVector c = load(data + 3 * quarter);
    IntVector v = a.min(b).max(a.max(b).min(c));
    v = ordered(v, XOR_1, UPPER_1);
    v = ordered(v, XOR_3, UPPER_2);
    v = ordered(v, XOR_1, UPPER_1);
    v = ordered(v, XOR_7, UPPER_4);
    v = ordered(v, XOR_2, UPPER_2);
    v = ordered(v, XOR_1, UPPER_1);
    if (LANES == 16) {
      v = ordered(v, XOR_15, UPPER_8);
      v = ordered(v, XOR_4, UPPER_4);
      v = ordered(v, XOR_2, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
    }
    return v.lane(LANES / 2);
  }

  private static long fill(long from, long n, long to, long key) {
    IntVector row = IntVector.broadcast(S, (int) key);
    long end = to + Integer.BYTES * n;
    for (long at = to; at < end; at += BYTES) {
      store(row, at);
    }
    return 0;
  }

  private static long load(long from, long n, long to, long key) {
    long step = to - from;
    long end = from + Integer.BYTES * n;
    for (long at = from; at < end; at += BYTES) {
      int left = (int) (end - at) / Integer.BYTES;
      IntVector v = load(at).blend(Integer.MAX_VALUE, LANE.compare(VectorOperators.GE, left));
      v = ordered(v, XOR_1, UPPER_1);
      v = ordered(v, XOR_3, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
      v = ordered(v, XOR_7, UPPER_4);
      v = ordered(v, XOR_2, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
      store(v, at + step);
    }
    return 0;
  }

  private static long sixteen(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += BYTES) {
      IntVector v = load(at);
      v = ordered(v, XOR_15, UPPER_8);
      v = ordered(v, XOR_4, UPPER_4);
      v = ordered(v, XOR_2, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
      store(v, at);
    }
    return 0;
  }

  private static long lanewise(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += BYTES) {
      IntVector v = load(at);
      if (LANES == 16) {
        v = ordered(v, XOR_8, UPPER_8);
      }
      v = ordered(v, XOR_4, UPPER_4);
      v = ordered(v, XOR_2, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
      store(v, at);
    }
    return 0;
  }

  private static long two(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 2L * BYTES) {
      IntVector a = load(at);
      IntVector b = load(at + BYTES).rearrange(REVERSE);
      store(a.min(b), at);
      store(a.max(b), at + BYTES);
    }
    return 0;
  }

  private static long four(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 4L * BYTES) {
      IntVector a = load(at);
      IntVector b = load(at + BYTES);
      IntVector c = load(at + 2L * BYTES).rearrange(REVERSE);
      IntVector d = load(at + 3L * BYTES).rearrange(REVERSE);
      IntVector lowA = a.min(d);
      IntVector lowB = b.min(c);
      IntVector highC = b.max(c);
      IntVector highD = a.max(d);
      store(lowA.min(lowB), at);
      store(lowA.max(lowB), at + BYTES);
      store(highC.min(highD), at + 2L * BYTES);
      store(highC.max(highD), at + 3L * BYTES);
    }
    return 0;
  }

  // Written out: a method would be too large to be compiled in place where it is not called often.
  private static long eight(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 8L * BYTES) {
      IntVector a = load(at);
      IntVector b = load(at + BYTES);
      IntVector c = load(at + 2L * BYTES);
      IntVector d = load(at + 3L * BYTES);
      IntVector e = load(at + 4L * BYTES).rearrange(REVERSE);
      IntVector f = load(at + 5L * BYTES).rearrange(REVERSE);
      IntVector g = load(at + 6L * BYTES).rearrange(REVERSE);
      IntVector h = load(at + 7L * BYTES).rearrange(REVERSE);
      IntVector lowA = a.min(h);
      IntVector lowB = b.min(g);
      IntVector lowC = c.min(f);
      IntVector lowD = d.min(e);
      IntVector lowLowA = lowA.min(lowC);
      IntVector lowLowB = lowB.min(lowD);
      IntVector lowHighC = lowA.max(lowC);
      IntVector lowHighD = lowB.max(lowD);
      store(lowLowA.min(lowLowB), at);
      store(lowLowA.max(lowLowB), at + BYTES);
      store(lowHighC.min(lowHighD), at + 2L * BYTES);
      store(lowHighC.max(lowHighD), at + 3L * BYTES);
      IntVector highA = d.max(e);
      IntVector highB = c.max(f);
      IntVector highC = b.max(g);
      IntVector highD = a.max(h);
      IntVector highLowA = highA.min(highC);
      IntVector highLowB = highB.min(highD);
      IntVector highHighC = highA.max(highC);
      IntVector highHighD = highB.max(highD);
      store(highLowA.min(highLowB), at + 4L * BYTES);
      store(highLowA.max(highLowB), at + 5L * BYTES);
      store(highHighC.min(highHighD), at + 6L * BYTES);
      store(highHighC.max(highHighD), at + 7L * BYTES);
    }
    return 0;
  }

  private static long turn(long from, long n, long to, long key) {
    IntVector bits = IntVector.broadcast(S, (int) key);
    for (long at = 0; at < n * Integer.BYTES; at += BYTES) {
      store(load(from + at).lanewise(VectorOperators.XOR, bits), to + at);
    }
    return 0;
  }

  private static long ofReal(long from, long n, long to, long key) {
    IntVector bits = IntVector.broadcast(S, (int) key);
    for (long at = 0; at < n * Integer.BYTES; at += BYTES) {
      IntVector v = load(from + at);
      IntVector magnitude = v.and(Integer.MAX_VALUE);
      v =
          turned(v)
              .blend(0, v.compare(VectorOperators.EQ, Integer.MIN_VALUE))
              .blend(Integer.MAX_VALUE, magnitude.compare(VectorOperators.GT, INFINITY));
      store(v.lanewise(VectorOperators.XOR, bits), to + at);
    }
    return 0;
  }

  private static long toReal(long from, long n, long to, long key) {
    IntVector bits = IntVector.broadcast(S, (int) key);
    for (long at = 0; at < n * Integer.BYTES; at += BYTES) {
      IntVector v = load(from + at).lanewise(VectorOperators.XOR, bits);
      store(turned(v).blend(NAN, v.compare(VectorOperators.EQ, Integer.MAX_VALUE)), to + at);
    }
    return 0;
  }

  /**
   * Between floating-point numbers, whose magnitude has a sign, and numbers in two's complement.
   */
  private static IntVector turned(IntVector v) {
    IntVector negative = v.lanewise(VectorOperators.ASHR, Integer.SIZE - 1);
    return v.lanewise(VectorOperators.XOR, negative.and(Integer.MAX_VALUE));
  }

  /** Puts pairs of lanes in order: the larger key to the upper one. */
  private static IntVector ordered(
      IntVector v, VectorShuffle<Integer> partner, VectorMask<Integer> upper) {
    IntVector other = v.rearrange(partner);
    return v.min(other).blend(v.max(other), upper);
  }

  private static IntVector load(long address) {
    return IntVector.fromMemorySegment(S, Raw.ALL, address, ORDER);
  }

  private static void store(IntVector v, long address) {
    v.intoMemorySegment(Raw.ALL, address, ORDER);
  }
}
