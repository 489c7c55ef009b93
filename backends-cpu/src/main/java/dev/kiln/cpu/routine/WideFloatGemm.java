package dev.kiln.cpu.routine;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 6 rows and 4 vectors of float32, for processors with 32 registers. Their 24 sums stay in
 * registers. Loaded only where the Vector API is there.
 */
final class WideFloatGemm implements Gemm<float[]> {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int BYTES = S.vectorByteSize();
  private static final int ROWS = 6;
  private static final int COLUMNS = 4 * LANES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public float[] panel(int elements) {
    return new float[elements];
  }

  @Override
  public void packRows(
      long x, long rowStride, long stride, int rows, int inner, float[] panel, int at) {
    FloatPanels.packRows(x, rowStride, stride, rows, ROWS, inner, panel, at);
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, float[] panel, int at) {
    if (columns < COLUMNS || columnStride != Float.BYTES) {
      FloatPanels.packColumns(y, stride, columnStride, inner, columns, COLUMNS, panel, at);
      return;
    }
    for (int k = 0; k < inner; k++) {
      long from = y + k * stride;
      int to = at + k * COLUMNS;
      FloatVector.fromMemorySegment(S, Raw.ALL, from, ORDER).intoArray(panel, to);
      FloatVector.fromMemorySegment(S, Raw.ALL, from + BYTES, ORDER).intoArray(panel, to + LANES);
      FloatVector.fromMemorySegment(S, Raw.ALL, from + 2L * BYTES, ORDER)
          .intoArray(panel, to + 2 * LANES);
      FloatVector.fromMemorySegment(S, Raw.ALL, from + 3L * BYTES, ORDER)
          .intoArray(panel, to + 3 * LANES);
    }
  }

  @Override
  public void tile(
      float[] left,
      int at,
      float[] right,
      int from,
      int inner,
      int rows,
      int columns,
      float[] sums) {
    FloatVector c00 = FloatVector.zero(S);
    FloatVector c01 = FloatVector.zero(S);
    FloatVector c02 = FloatVector.zero(S);
    FloatVector c03 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c12 = FloatVector.zero(S);
    FloatVector c13 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c21 = FloatVector.zero(S);
    FloatVector c22 = FloatVector.zero(S);
    FloatVector c23 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c31 = FloatVector.zero(S);
    FloatVector c32 = FloatVector.zero(S);
    FloatVector c33 = FloatVector.zero(S);
    FloatVector c40 = FloatVector.zero(S);
    FloatVector c41 = FloatVector.zero(S);
    FloatVector c42 = FloatVector.zero(S);
    FloatVector c43 = FloatVector.zero(S);
    FloatVector c50 = FloatVector.zero(S);
    FloatVector c51 = FloatVector.zero(S);
    FloatVector c52 = FloatVector.zero(S);
    FloatVector c53 = FloatVector.zero(S);
    for (int k = 0; k < inner; k++) {
      int row = at + k;
      int column = from + k * COLUMNS;
      FloatVector b0 = FloatVector.fromArray(S, right, column);
      FloatVector b1 = FloatVector.fromArray(S, right, column + LANES);
      FloatVector b2 = FloatVector.fromArray(S, right, column + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(S, right, column + 3 * LANES);
      FloatVector a0 = FloatVector.broadcast(S, left[row]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(S, left[row + INNER]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(S, left[row + 2 * INNER]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(S, left[row + 3 * INNER]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      FloatVector a4 = FloatVector.broadcast(S, left[row + 4 * INNER]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      FloatVector a5 = FloatVector.broadcast(S, left[row + 5 * INNER]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      c53 = a5.fma(b3, c53);
    }
    c00.intoArray(sums, 0);
    c01.intoArray(sums, LANES);
    c02.intoArray(sums, 2 * LANES);
    c03.intoArray(sums, 3 * LANES);
    c10.intoArray(sums, 4 * LANES);
    c11.intoArray(sums, 5 * LANES);
    c12.intoArray(sums, 6 * LANES);
    c13.intoArray(sums, 7 * LANES);
    c20.intoArray(sums, 8 * LANES);
    c21.intoArray(sums, 9 * LANES);
    c22.intoArray(sums, 10 * LANES);
    c23.intoArray(sums, 11 * LANES);
    c30.intoArray(sums, 12 * LANES);
    c31.intoArray(sums, 13 * LANES);
    c32.intoArray(sums, 14 * LANES);
    c33.intoArray(sums, 15 * LANES);
    c40.intoArray(sums, 16 * LANES);
    c41.intoArray(sums, 17 * LANES);
    c42.intoArray(sums, 18 * LANES);
    c43.intoArray(sums, 19 * LANES);
    c50.intoArray(sums, 20 * LANES);
    c51.intoArray(sums, 21 * LANES);
    c52.intoArray(sums, 22 * LANES);
    c53.intoArray(sums, 23 * LANES);
  }

  @Override
  public void put(float[] sums, int rows, int columns, long out, long pitch, boolean add) {
    if (rows < ROWS || columns < COLUMNS) {
      FloatPanels.put(sums, COLUMNS, rows, columns, out, pitch, add);
      return;
    }
    for (int i = 0; i < ROWS; i++) {
      int from = i * COLUMNS;
      long to = out + i * pitch;
      // Two loops: a choice between two vectors makes objects of them.
      if (add) {
        for (int j = 0; j < COLUMNS; j += LANES) {
          long address = to + (long) j * Float.BYTES;
          FloatVector v = FloatVector.fromMemorySegment(S, Raw.ALL, address, ORDER);
          v = FloatVector.fromArray(S, sums, from + j).add(v);
          v.blend(Float.NaN, v.compare(VectorOperators.NE, v))
              .intoMemorySegment(Raw.ALL, address, ORDER);
        }
      } else {
        for (int j = 0; j < COLUMNS; j += LANES) {
          long address = to + (long) j * Float.BYTES;
          FloatVector v = FloatVector.fromArray(S, sums, from + j);
          v.blend(Float.NaN, v.compare(VectorOperators.NE, v))
              .intoMemorySegment(Raw.ALL, address, ORDER);
        }
      }
    }
  }
}
