package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heat;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The ways of running sums and products. */
final class Scans {
  /** Elements to heat with: whole chunks, since a rest is for scalar code. */
  private static final int FEW = 5 * Scan.CHUNK;

  private Scans() {}

  static Hot<Scan> of(Fold fold, DType dtype, boolean vectors, Heat heat) {
    Scan vector = vectors && fold == Fold.SUM ? vector(dtype) : null;
    MemorySegment data = Arena.ofAuto().allocate(FEW * 8L, 64);
    return new Hot<>(
        new ScalarScan(fold, dtype), vector, scan -> exercise(scan, dtype, data.address()), heat);
  }

  private static @Nullable Scan vector(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> FloatScan.fits() ? new FloatScan() : null;
      case FLOAT64 -> DoubleScan.fits() ? new DoubleScan() : null;
      default -> null; // integers wrap, and are done in any order
    };
  }

  private static void exercise(Scan scan, DType dtype, long data) {
    long zero = Bits.ofLong(dtype, 0);
    scan.local(data, data, FEW, zero);
    scan.shift(data, FEW, zero);
    scan.combine(data, data, data, FEW);
    scan.finish(data, data, data, FEW);
  }
}
