package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The ways of products of matrices. */
final class Gemms {
  /** Bytes of vectors from which processors have 32 registers for them. */
  private static final int WIDE = 64;

  /** Inner elements to heat with: enough that the loop is compiled as one. */
  private static final int FEW = 32;

  private Gemms() {}

  static Hot<Gemm<float[]>> floats(int vectorBytes, Heat heat) {
    return hot(new ScalarFloatGemm(), floatVectors(vectorBytes), heat);
  }

  static Hot<Gemm<double[]>> doubles(int vectorBytes, Heat heat) {
    return hot(new ScalarDoubleGemm(), doubleVectors(vectorBytes), heat);
  }

  static Hot<Gemm<long[]>> integers(DType dtype, Heat heat) {
    return hot(new IntegerGemm(dtype), null, heat);
  }

  private static @Nullable Gemm<float[]> floatVectors(int bytes) {
    if (bytes == 0) {
      return null;
    }
    return bytes >= WIDE ? new WideFloatGemm() : new NarrowFloatGemm();
  }

  private static @Nullable Gemm<double[]> doubleVectors(int bytes) {
    if (bytes == 0) {
      return null;
    }
    return bytes >= WIDE ? new WideDoubleGemm() : new NarrowDoubleGemm();
  }

  private static <P> Hot<Gemm<P>> hot(Gemm<P> scalar, @Nullable Gemm<P> vector, Heat heat) {
    if (vector == null) {
      return new Hot<>(scalar, null, way -> {}, heat);
    }
    int rows = vector.rows();
    int columns = vector.columns();
    MemorySegment data = Arena.ofAuto().allocate(8L * columns * (rows + FEW), 64);
    P left = vector.panel(rows * Gemm.INNER);
    P right = vector.panel(columns * FEW);
    P sums = vector.panel(rows * columns);
    return new Hot<>(scalar, vector, way -> exercise(way, data.address(), left, right, sums), heat);
  }

  private static <P> void exercise(Gemm<P> way, long data, P left, P right, P sums) {
    int rows = way.rows();
    int columns = way.columns();
    long pitch = columns * 8L;
    long out = data + FEW * pitch;
    way.packRows(data, pitch, 4, rows, FEW, left, 0);
    way.packRows(data, pitch, 8, rows, FEW, left, 0);
    way.packColumns(data, pitch, 4, FEW, columns, right, 0);
    way.packColumns(data, pitch, 8, FEW, columns, right, 0);
    way.tile(left, 0, right, 0, FEW, rows, columns, sums);
    way.put(sums, rows, columns, out, pitch, false);
    way.put(sums, rows, columns, out, pitch, true);
    way.put(sums, rows - 1, columns - 1, data, pitch, true);
  }
}
