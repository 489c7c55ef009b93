package dev.kiln.cpu.routine;

import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Quicksort's passes over keys of 64 bits, 4 or 8 in a vector. Loaded only where the Vector API is
 * there.
 */
final class LongPasses {
  private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final LongVector LANE = LongVector.zero(S).addIndex(1);
  private static final VectorShuffle<Long> XOR_1 = xor(1);
  private static final VectorShuffle<Long> XOR_2 = xor(2);
  private static final VectorShuffle<Long> XOR_3 = xor(3);
  private static final VectorShuffle<Long> XOR_4 = xor(4);
  private static final VectorShuffle<Long> XOR_7 = xor(7);
  private static final VectorShuffle<Long> REVERSE = xor(LANES - 1);
  private static final VectorMask<Long> UPPER_1 = upper(1);
  private static final VectorMask<Long> UPPER_2 = upper(2);
  private static final VectorMask<Long> UPPER_4 = upper(4);

  private static final long INFINITY = 0x7ff0_0000_0000_0000L;
  private static final long NAN = Double.doubleToRawLongBits(Double.NaN);

  private LongPasses() {}

  /** Whether rows have a size for which there are passes. */
  static boolean fits() {
    return LANES == 4 || LANES == 8;
  }

  static SortPasses all() {
    return new SortPasses(
        Long.BYTES,
        LANES,
        LongPasses::split,
        LongPasses::pivot,
        LongPasses::fill,
        LongPasses::load,
        List.of(),
        List.of(LongPasses::two, LongPasses::four, LongPasses::eight),
        LongPasses::lanewise,
        LongPasses::turn,
        LongPasses::ofReal,
        LongPasses::toReal);
  }

  private static VectorShuffle<Long> xor(int bits) {
    return VectorShuffle.fromOp(S, lane -> (lane ^ bits) & (S.length() - 1));
  }

  /** The lanes in whose number a bit is set. */
  private static VectorMask<Long> upper(int bit) {
    return LANE.lanewise(VectorOperators.AND, bit).compare(VectorOperators.NE, 0);
  }

  private static long split(long data, long n, long room, long key) {
    LongVector pivot = LongVector.broadcast(S, key);
    int rest = (int) (n & (LANES - 1));
    long end = data + Long.BYTES * (n - rest);
    // What is no whole row comes first, since a row that is stored may go beyond what it counts
    // for; and each row is loaded before the one ahead of it is stored, which may reach into it.
    LongVector last = load(data + Long.BYTES * n - BYTES);
    LongVector next = load(data);
    VectorMask<Long> counts = LANE.compare(VectorOperators.GE, LANES - rest);
    VectorMask<Long> below = last.compare(VectorOperators.LT, pivot).and(counts);
    VectorMask<Long> others = counts.andNot(below);
    store(last.compress(below), data);
    store(last.compress(others), room);
    long left = data + (long) Long.BYTES * below.trueCount();
    long right = room + (long) Long.BYTES * others.trueCount();
    for (long at = data; at < end; at += BYTES) {
      LongVector row = next;
      next = load(at + BYTES);
      VectorMask<Long> low = row.compare(VectorOperators.LT, pivot);
      store(row.compress(low), left);
      store(row.compress(low.not()), right);
      long bytes = (long) Long.BYTES * low.trueCount();
      left += bytes;
      right += BYTES - bytes;
    }
    return (left - data) / Long.BYTES;
  }

  /** The median of a row of medians of three. */
  private static long pivot(long data, long n, long to, long key) {
    long quarter = n / 4 * Long.BYTES;
    LongVector a = load(data + quarter);
    LongVector b = load(data + 2 * quarter);
    LongVector c = load(data + 3 * quarter);
    LongVector v = a.min(b).max(a.max(b).min(c));
    v = ordered(v, XOR_1, UPPER_1);
    v = ordered(v, XOR_3, UPPER_2);
    v = ordered(v, XOR_1, UPPER_1);
    if (LANES == 8) {
      v = ordered(v, XOR_7, UPPER_4);
      v = ordered(v, XOR_2, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
    }
    return v.lane(LANES / 2);
  }

  private static long fill(long from, long n, long to, long key) {
    LongVector row = LongVector.broadcast(S, key);
    long end = to + Long.BYTES * n;
    for (long at = to; at < end; at += BYTES) {
      store(row, at);
    }
    return 0;
  }

  private static long load(long from, long n, long to, long key) {
    long step = to - from;
    long end = from + Long.BYTES * n;
    for (long at = from; at < end; at += BYTES) {
      long left = (end - at) / Long.BYTES;
      LongVector v = load(at).blend(Long.MAX_VALUE, LANE.compare(VectorOperators.GE, left));
      v = ordered(v, XOR_1, UPPER_1);
      v = ordered(v, XOR_3, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
      if (LANES == 8) {
        v = ordered(v, XOR_7, UPPER_4);
        v = ordered(v, XOR_2, UPPER_2);
        v = ordered(v, XOR_1, UPPER_1);
      }
      store(v, at + step);
    }
    return 0;
  }

  private static long lanewise(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += BYTES) {
      LongVector v = load(at);
      if (LANES == 8) {
        v = ordered(v, XOR_4, UPPER_4);
      }
      v = ordered(v, XOR_2, UPPER_2);
      v = ordered(v, XOR_1, UPPER_1);
      store(v, at);
    }
    return 0;
  }

  private static long two(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 2L * BYTES) {
      LongVector a = load(at);
      LongVector b = load(at + BYTES).rearrange(REVERSE);
      store(a.min(b), at);
      store(a.max(b), at + BYTES);
    }
    return 0;
  }

  private static long four(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 4L * BYTES) {
      LongVector a = load(at);
      LongVector b = load(at + BYTES);
      LongVector c = load(at + 2L * BYTES).rearrange(REVERSE);
      LongVector d = load(at + 3L * BYTES).rearrange(REVERSE);
      LongVector lowA = a.min(d);
      LongVector lowB = b.min(c);
      LongVector highC = b.max(c);
      LongVector highD = a.max(d);
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
      LongVector a = load(at);
      LongVector b = load(at + BYTES);
      LongVector c = load(at + 2L * BYTES);
      LongVector d = load(at + 3L * BYTES);
      LongVector e = load(at + 4L * BYTES).rearrange(REVERSE);
      LongVector f = load(at + 5L * BYTES).rearrange(REVERSE);
      LongVector g = load(at + 6L * BYTES).rearrange(REVERSE);
      LongVector h = load(at + 7L * BYTES).rearrange(REVERSE);
      LongVector lowA = a.min(h);
      LongVector lowB = b.min(g);
      LongVector lowC = c.min(f);
      LongVector lowD = d.min(e);
      LongVector lowLowA = lowA.min(lowC);
      LongVector lowLowB = lowB.min(lowD);
      LongVector lowHighC = lowA.max(lowC);
      LongVector lowHighD = lowB.max(lowD);
      store(lowLowA.min(lowLowB), at);
      store(lowLowA.max(lowLowB), at + BYTES);
      store(lowHighC.min(lowHighD), at + 2L * BYTES);
      store(lowHighC.max(lowHighD), at + 3L * BYTES);
      LongVector highA = d.max(e);
      LongVector highB = c.max(f);
      LongVector highC = b.max(g);
      LongVector highD = a.max(h);
      LongVector highLowA = highA.min(highC);
      LongVector highLowB = highB.min(highD);
      LongVector highHighC = highA.max(highC);
      LongVector highHighD = highB.max(highD);
      store(highLowA.min(highLowB), at + 4L * BYTES);
      store(highLowA.max(highLowB), at + 5L * BYTES);
      store(highHighC.min(highHighD), at + 6L * BYTES);
      store(highHighC.max(highHighD), at + 7L * BYTES);
    }
    return 0;
  }

  private static long turn(long from, long n, long to, long key) {
    LongVector bits = LongVector.broadcast(S, key);
    for (long at = 0; at < n * Long.BYTES; at += BYTES) {
      store(load(from + at).lanewise(VectorOperators.XOR, bits), to + at);
    }
    return 0;
  }

  private static long ofReal(long from, long n, long to, long key) {
    LongVector bits = LongVector.broadcast(S, key);
    for (long at = 0; at < n * Long.BYTES; at += BYTES) {
      LongVector v = load(from + at);
      LongVector magnitude = v.and(Long.MAX_VALUE);
      v =
          turned(v)
              .blend(0, v.compare(VectorOperators.EQ, Long.MIN_VALUE))
              .blend(Long.MAX_VALUE, magnitude.compare(VectorOperators.GT, INFINITY));
      store(v.lanewise(VectorOperators.XOR, bits), to + at);
    }
    return 0;
  }

  private static long toReal(long from, long n, long to, long key) {
    LongVector bits = LongVector.broadcast(S, key);
    for (long at = 0; at < n * Long.BYTES; at += BYTES) {
      LongVector v = load(from + at).lanewise(VectorOperators.XOR, bits);
      store(turned(v).blend(NAN, v.compare(VectorOperators.EQ, Long.MAX_VALUE)), to + at);
    }
    return 0;
  }

  /**
   * Between floating-point numbers, whose magnitude has a sign, and numbers in two's complement.
   */
  private static LongVector turned(LongVector v) {
    LongVector negative = v.lanewise(VectorOperators.ASHR, Long.SIZE - 1);
    return v.lanewise(VectorOperators.XOR, negative.and(Long.MAX_VALUE));
  }

  /** Puts pairs of lanes in order: the larger key to the upper one. */
  private static LongVector ordered(
      LongVector v, VectorShuffle<Long> partner, VectorMask<Long> upper) {
    LongVector other = v.rearrange(partner);
    return v.min(other).blend(v.max(other), upper);
  }

  private static LongVector load(long address) {
    return LongVector.fromMemorySegment(S, Raw.ALL, address, ORDER);
  }

  private static void store(LongVector v, long address) {
    v.intoMemorySegment(Raw.ALL, address, ORDER);
  }
}
