package dev.kiln.cpu.routine;

import dev.kiln.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The ways of products of matrices. */
final class Gemms {
  /** Bytes of vectors from which processors have 32 registers for them. */
  private static final int WIDE = 64;

  private static final int FEW = 4;

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
    MemorySegment data = Arena.ofAuto().allocate(8L * columns * (rows + 2 * FEW), 64);
    P panel = vector.panel(rows * FEW);
    return new Hot<>(scalar, vector, way -> exercise(way, data.address(), panel), heat);
  }

  private static <P> void exercise(Gemm<P> way, long data, P panel) {
    long bytes = way.columns() * 8L;
    long right = data + FEW * bytes;
    long out = right + FEW * bytes;
    way.packRows(data, 8, bytes, way.rows(), FEW, panel, 0);
    way.packColumns(data, bytes, 4, FEW, way.columns(), right);
    way.packColumns(data, bytes, 8, FEW, way.columns(), right);
    way.tile(panel, 0, right, FEW, out, bytes, true);
    way.tile(panel, 0, right, FEW, out, bytes, false);
    way.part(out, way.rows() - 1, way.columns() - 1, data, 0, true);
  }
}
