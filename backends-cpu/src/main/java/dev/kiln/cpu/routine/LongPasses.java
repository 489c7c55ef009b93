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
    LongVector last =
        LongVector.fromMemorySegment(S, Raw.ALL, data + Long.BYTES * n - BYTES, ORDER);
    LongVector next = LongVector.fromMemorySegment(S, Raw.ALL, data, ORDER);
    VectorMask<Long> counts = LANE.compare(VectorOperators.GE, LANES - rest);
    VectorMask<Long> below = last.compare(VectorOperators.LT, pivot).and(counts);
    VectorMask<Long> others = counts.andNot(below);
    last.compress(below).intoMemorySegment(Raw.ALL, data, ORDER);
    last.compress(others).intoMemorySegment(Raw.ALL, room, ORDER);
    long left = data + (long) Long.BYTES * below.trueCount();
    long right = room + (long) Long.BYTES * others.trueCount();
    for (long at = data; at < end; at += BYTES) {
      LongVector row = next;
      next = LongVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER);
      VectorMask<Long> low = row.compare(VectorOperators.LT, pivot);
      row.compress(low).intoMemorySegment(Raw.ALL, left, ORDER);
      row.compress(low.not()).intoMemorySegment(Raw.ALL, right, ORDER);
      long bytes = (long) Long.BYTES * low.trueCount();
      left += bytes;
      right += BYTES - bytes;
    }
    return (left - data) / Long.BYTES;
  }

  /** The median of a row of medians of three. */
  private static long pivot(long data, long n, long to, long key) {
    long quarter = n / 4 * Long.BYTES;
    LongVector a = LongVector.fromMemorySegment(S, Raw.ALL, data + quarter, ORDER);
    LongVector b = LongVector.fromMemorySegment(S, Raw.ALL, data + 2 * quarter, ORDER);
    LongVector c = LongVector.fromMemorySegment(S, Raw.ALL, data + 3 * quarter, ORDER);
    LongVector v = a.min(b).max(a.max(b).min(c));
    LongVector w = v.rearrange(XOR_1);
    v = v.min(w).blend(v.max(w), UPPER_1);
    w = v.rearrange(XOR_3);
    v = v.min(w).blend(v.max(w), UPPER_2);
    w = v.rearrange(XOR_1);
    v = v.min(w).blend(v.max(w), UPPER_1);
    if (LANES == 8) {
      w = v.rearrange(XOR_7);
      v = v.min(w).blend(v.max(w), UPPER_4);
      w = v.rearrange(XOR_2);
      v = v.min(w).blend(v.max(w), UPPER_2);
      w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
    }
    return v.lane(LANES / 2);
  }

  private static long fill(long from, long n, long to, long key) {
    LongVector row = LongVector.broadcast(S, key);
    long end = to + Long.BYTES * n;
    for (long at = to; at < end; at += BYTES) {
      row.intoMemorySegment(Raw.ALL, at, ORDER);
    }
    return 0;
  }

  private static long load(long from, long n, long to, long key) {
    long step = to - from;
    long end = from + Long.BYTES * n;
    for (long at = from; at < end; at += BYTES) {
      long left = (end - at) / Long.BYTES;
      LongVector v =
          LongVector.fromMemorySegment(S, Raw.ALL, at, ORDER)
              .blend(Long.MAX_VALUE, LANE.compare(VectorOperators.GE, left));
      LongVector w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
      w = v.rearrange(XOR_3);
      v = v.min(w).blend(v.max(w), UPPER_2);
      w = v.rearrange(XOR_1);
      v = v.min(w).blend(v.max(w), UPPER_1);
      if (LANES == 8) {
        w = v.rearrange(XOR_7);
        v = v.min(w).blend(v.max(w), UPPER_4);
        w = v.rearrange(XOR_2);
        v = v.min(w).blend(v.max(w), UPPER_2);
        w = v.rearrange(XOR_1);
        v = v.min(w).blend(v.max(w), UPPER_1);
      }
      v.intoMemorySegment(Raw.ALL, at + step, ORDER);
    }
    return 0;
  }

  private static long lanewise(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += BYTES) {
      LongVector v = LongVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      LongVector w;
      if (LANES == 8) {
        w = v.rearrange(XOR_4);
        v = v.min(w).blend(v.max(w), UPPER_4);
      }
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
      LongVector a = LongVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      LongVector b = LongVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER).rearrange(REVERSE);
      a.min(b).intoMemorySegment(Raw.ALL, at, ORDER);
      a.max(b).intoMemorySegment(Raw.ALL, at + BYTES, ORDER);
    }
    return 0;
  }

  private static long four(long from, long n, long to, long key) {
    long end = to + n * BYTES;
    for (long at = to; at < end; at += 4L * BYTES) {
      LongVector a = LongVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      LongVector b = LongVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER);
      LongVector c =
          LongVector.fromMemorySegment(S, Raw.ALL, at + 2L * BYTES, ORDER).rearrange(REVERSE);
      LongVector d =
          LongVector.fromMemorySegment(S, Raw.ALL, at + 3L * BYTES, ORDER).rearrange(REVERSE);
      LongVector lowA = a.min(d);
      LongVector lowB = b.min(c);
      LongVector highC = b.max(c);
      LongVector highD = a.max(d);
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
      LongVector a = LongVector.fromMemorySegment(S, Raw.ALL, at, ORDER);
      LongVector b = LongVector.fromMemorySegment(S, Raw.ALL, at + BYTES, ORDER);
      LongVector c = LongVector.fromMemorySegment(S, Raw.ALL, at + 2L * BYTES, ORDER);
      LongVector d = LongVector.fromMemorySegment(S, Raw.ALL, at + 3L * BYTES, ORDER);
      LongVector e =
          LongVector.fromMemorySegment(S, Raw.ALL, at + 4L * BYTES, ORDER).rearrange(REVERSE);
      LongVector f =
          LongVector.fromMemorySegment(S, Raw.ALL, at + 5L * BYTES, ORDER).rearrange(REVERSE);
      LongVector g =
          LongVector.fromMemorySegment(S, Raw.ALL, at + 6L * BYTES, ORDER).rearrange(REVERSE);
      LongVector h =
          LongVector.fromMemorySegment(S, Raw.ALL, at + 7L * BYTES, ORDER).rearrange(REVERSE);
      LongVector lowA = a.min(h);
      LongVector lowB = b.min(g);
      LongVector lowC = c.min(f);
      LongVector lowD = d.min(e);
      LongVector lowLowA = lowA.min(lowC);
      LongVector lowLowB = lowB.min(lowD);
      LongVector lowHighC = lowA.max(lowC);
      LongVector lowHighD = lowB.max(lowD);
      lowLowA.min(lowLowB).intoMemorySegment(Raw.ALL, at, ORDER);
      lowLowA.max(lowLowB).intoMemorySegment(Raw.ALL, at + BYTES, ORDER);
      lowHighC.min(lowHighD).intoMemorySegment(Raw.ALL, at + 2L * BYTES, ORDER);
      lowHighC.max(lowHighD).intoMemorySegment(Raw.ALL, at + 3L * BYTES, ORDER);
      LongVector highA = d.max(e);
      LongVector highB = c.max(f);
      LongVector highC = b.max(g);
      LongVector highD = a.max(h);
      LongVector highLowA = highA.min(highC);
      LongVector highLowB = highB.min(highD);
      LongVector highHighC = highA.max(highC);
      LongVector highHighD = highB.max(highD);
      highLowA.min(highLowB).intoMemorySegment(Raw.ALL, at + 4L * BYTES, ORDER);
      highLowA.max(highLowB).intoMemorySegment(Raw.ALL, at + 5L * BYTES, ORDER);
      highHighC.min(highHighD).intoMemorySegment(Raw.ALL, at + 6L * BYTES, ORDER);
      highHighC.max(highHighD).intoMemorySegment(Raw.ALL, at + 7L * BYTES, ORDER);
    }
    return 0;
  }

  private static long turn(long from, long n, long to, long key) {
    LongVector bits = LongVector.broadcast(S, key);
    for (long at = 0; at < n * Long.BYTES; at += BYTES) {
      LongVector.fromMemorySegment(S, Raw.ALL, from + at, ORDER)
          .lanewise(VectorOperators.XOR, bits)
          .intoMemorySegment(Raw.ALL, to + at, ORDER);
    }
    return 0;
  }

  private static long ofReal(long from, long n, long to, long key) {
    LongVector bits = LongVector.broadcast(S, key);
    for (long at = 0; at < n * Long.BYTES; at += BYTES) {
      LongVector v = LongVector.fromMemorySegment(S, Raw.ALL, from + at, ORDER);
      LongVector magnitude = v.and(Long.MAX_VALUE);
      // A magnitude with a sign becomes a number in two's complement, and back below.
      LongVector turns = v.lanewise(VectorOperators.ASHR, Long.SIZE - 1).and(Long.MAX_VALUE);
      LongVector turned =
          v.lanewise(VectorOperators.XOR, turns)
              .blend(0, v.compare(VectorOperators.EQ, Long.MIN_VALUE))
              .blend(Long.MAX_VALUE, magnitude.compare(VectorOperators.GT, INFINITY));
      turned.lanewise(VectorOperators.XOR, bits).intoMemorySegment(Raw.ALL, to + at, ORDER);
    }
    return 0;
  }

  private static long toReal(long from, long n, long to, long key) {
    LongVector bits = LongVector.broadcast(S, key);
    for (long at = 0; at < n * Long.BYTES; at += BYTES) {
      LongVector v =
          LongVector.fromMemorySegment(S, Raw.ALL, from + at, ORDER)
              .lanewise(VectorOperators.XOR, bits);
      LongVector turns = v.lanewise(VectorOperators.ASHR, Long.SIZE - 1).and(Long.MAX_VALUE);
      v.lanewise(VectorOperators.XOR, turns)
          .blend(NAN, v.compare(VectorOperators.EQ, Long.MAX_VALUE))
          .intoMemorySegment(Raw.ALL, to + at, ORDER);
    }
    return 0;
  }
}
