package dev.kiln.cli.bench.functions;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The Vector API's operator on doubles; a template for {@link Template}. */
final class DoubleVectorLoop implements ArrayLoop {
  private static final VectorOperators.Operator OPERATOR =
      Template.data(MethodHandles.lookup(), VectorOperators.Operator.class);
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  DoubleVectorLoop() {}

  @Override
  public void run(long x, long y, long out, int count) {
    for (int i = 0; i < count; i += SPECIES.length()) {
      at(out, i, apply(at(x, i), y, i));
    }
  }

  private static DoubleVector apply(DoubleVector x, long y, int i) {
    // The operator is a constant, so one branch remains.
    return OPERATOR instanceof VectorOperators.Unary one
        ? x.lanewise(one)
        : x.lanewise((VectorOperators.Binary) OPERATOR, at(y, i));
  }

  private static DoubleVector at(long address, int i) {
    return DoubleVector.fromMemorySegment(
        SPECIES, ALL, address + (long) i * Double.BYTES, ByteOrder.nativeOrder());
  }

  private static void at(long address, int i, DoubleVector values) {
    values.intoMemorySegment(ALL, address + (long) i * Double.BYTES, ByteOrder.nativeOrder());
  }
}
