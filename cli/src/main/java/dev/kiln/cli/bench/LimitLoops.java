package dev.kiln.cli.bench;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops whose speed is the machine's. Bare addresses, as in Kiln's kernels; what is summed is
 * kept in a field, so that no loop is found to be useless.
 */
final class LimitLoops {
  /** Independent sums: more than a multiply-add's latency times the units that do it. */
  static final int ACCUMULATORS = 12;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private final MemorySegment source;
  private final MemorySegment target;
  private final long x;
  private final long y;
  private final long z;
  private volatile double sink;

  /** All floats, of one length, a multiple of a vector's. */
  LimitLoops(MemorySegment x, MemorySegment y, MemorySegment z) {
    this.source = x;
    this.target = z;
    this.x = x.address();
    this.y = y.address();
    this.z = z.address();
  }

  static int lanes32() {
    return FLOATS.length();
  }

  static int lanes64() {
    return DOUBLES.length();
  }

  /** The last sum. */
  double sink() {
    return sink;
  }

  void copy(long from, long to) {
    for (long i = from; i < to; i += FLOATS.length()) {
      long at = i * Float.BYTES;
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .intoMemorySegment(ALL, z + at, ORDER);
    }
  }

  /** A copy by the JDK, which may go around the caches. */
  void move(long from, long to) {
    long bytes = (to - from) * Float.BYTES;
    MemorySegment.copy(source, from * Float.BYTES, target, from * Float.BYTES, bytes);
  }

  void triad(long from, long to) {
    FloatVector factor = FloatVector.broadcast(FLOATS, 2.5f);
    for (long i = from; i < to; i += FLOATS.length()) {
      long at = i * Float.BYTES;
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER);
      FloatVector w = FloatVector.fromMemorySegment(FLOATS, ALL, y + at, ORDER);
      v.fma(factor, w).intoMemorySegment(ALL, z + at, ORDER);
    }
  }

  void read(long from, long to) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int step = FLOATS.length();
    int bytes = FLOATS.vectorByteSize();
    for (long i = from; i < to; i += 4L * step) {
      long at = x + i * Float.BYTES;
      a = a.add(FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER));
      b = b.add(FloatVector.fromMemorySegment(FLOATS, ALL, at + bytes, ORDER));
      c = c.add(FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * bytes, ORDER));
      d = d.add(FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * bytes, ORDER));
    }
    sink = a.add(b).add(c.add(d)).lane(0);
  }

  void fma32(long from, long to) {
    FloatVector factor = FloatVector.broadcast(FLOATS, 0.999999f);
    FloatVector term = FloatVector.broadcast(FLOATS, 0.5f);
    FloatVector a0 = FloatVector.broadcast(FLOATS, 0);
    FloatVector a1 = FloatVector.broadcast(FLOATS, 1);
    FloatVector a2 = FloatVector.broadcast(FLOATS, 2);
    FloatVector a3 = FloatVector.broadcast(FLOATS, 3);
    FloatVector a4 = FloatVector.broadcast(FLOATS, 4);
    FloatVector a5 = FloatVector.broadcast(FLOATS, 5);
    FloatVector a6 = FloatVector.broadcast(FLOATS, 6);
    FloatVector a7 = FloatVector.broadcast(FLOATS, 7);
    FloatVector a8 = FloatVector.broadcast(FLOATS, 8);
    FloatVector a9 = FloatVector.broadcast(FLOATS, 9);
    FloatVector a10 = FloatVector.broadcast(FLOATS, 10);
    FloatVector a11 = FloatVector.broadcast(FLOATS, 11);
    for (long turn = from; turn < to; turn++) {
      a0 = a0.fma(factor, term);
      a1 = a1.fma(factor, term);
      a2 = a2.fma(factor, term);
      a3 = a3.fma(factor, term);
      a4 = a4.fma(factor, term);
      a5 = a5.fma(factor, term);
      a6 = a6.fma(factor, term);
      a7 = a7.fma(factor, term);
      a8 = a8.fma(factor, term);
      a9 = a9.fma(factor, term);
      a10 = a10.fma(factor, term);
      a11 = a11.fma(factor, term);
    }
    sink =
        a0.add(a1)
            .add(a2)
            .add(a3)
            .add(a4)
            .add(a5)
            .add(a6)
            .add(a7)
            .add(a8)
            .add(a9)
            .add(a10)
            .add(a11)
            .lane(0);
  }

  void fma64(long from, long to) {
    DoubleVector factor = DoubleVector.broadcast(DOUBLES, 0.999999);
    DoubleVector term = DoubleVector.broadcast(DOUBLES, 0.5);
    DoubleVector a0 = DoubleVector.broadcast(DOUBLES, 0);
    DoubleVector a1 = DoubleVector.broadcast(DOUBLES, 1);
    DoubleVector a2 = DoubleVector.broadcast(DOUBLES, 2);
    DoubleVector a3 = DoubleVector.broadcast(DOUBLES, 3);
    DoubleVector a4 = DoubleVector.broadcast(DOUBLES, 4);
    DoubleVector a5 = DoubleVector.broadcast(DOUBLES, 5);
    DoubleVector a6 = DoubleVector.broadcast(DOUBLES, 6);
    DoubleVector a7 = DoubleVector.broadcast(DOUBLES, 7);
    DoubleVector a8 = DoubleVector.broadcast(DOUBLES, 8);
    DoubleVector a9 = DoubleVector.broadcast(DOUBLES, 9);
    DoubleVector a10 = DoubleVector.broadcast(DOUBLES, 10);
    DoubleVector a11 = DoubleVector.broadcast(DOUBLES, 11);
    for (long turn = from; turn < to; turn++) {
      a0 = a0.fma(factor, term);
      a1 = a1.fma(factor, term);
      a2 = a2.fma(factor, term);
      a3 = a3.fma(factor, term);
      a4 = a4.fma(factor, term);
      a5 = a5.fma(factor, term);
      a6 = a6.fma(factor, term);
      a7 = a7.fma(factor, term);
      a8 = a8.fma(factor, term);
      a9 = a9.fma(factor, term);
      a10 = a10.fma(factor, term);
      a11 = a11.fma(factor, term);
    }
    sink =
        a0.add(a1)
            .add(a2)
            .add(a3)
            .add(a4)
            .add(a5)
            .add(a6)
            .add(a7)
            .add(a8)
            .add(a9)
            .add(a10)
            .add(a11)
            .lane(0);
  }
}
