package dev.kiln.cpu.routine;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 6 rows and 4 vectors of float64, for processors with 32 registers. Their 24 sums stay in
 * registers. Loaded only where the Vector API is there.
 */
final class WideDoubleGemm implements Gemm<double[]> {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
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
  public double[] panel(int elements) {
    return new double[elements];
  }

  @Override
  public void packRows(
      long x, long rowStride, long stride, int rows, int inner, double[] panel, int at) {
    DoublePanels.packRows(x, rowStride, stride, rows, ROWS, inner, panel, at);
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, double[] panel, int at) {
    if (columns < COLUMNS || columnStride != Double.BYTES) {
      DoublePanels.packColumns(y, stride, columnStride, inner, columns, COLUMNS, panel, at);
      return;
    }
    for (int k = 0; k < inner; k++) {
      long from = y + k * stride;
      int to = at + k * COLUMNS;
      DoubleVector.fromMemorySegment(S, Raw.ALL, from, ORDER).intoArray(panel, to);
      DoubleVector.fromMemorySegment(S, Raw.ALL, from + BYTES, ORDER).intoArray(panel, to + LANES);
      DoubleVector.fromMemorySegment(S, Raw.ALL, from + 2L * BYTES, ORDER)
          .intoArray(panel, to + 2 * LANES);
      DoubleVector.fromMemorySegment(S, Raw.ALL, from + 3L * BYTES, ORDER)
          .intoArray(panel, to + 3 * LANES);
    }
  }

  @Override
  public void tile(
      double[] left,
      int at,
      double[] right,
      int from,
      int inner,
      int rows,
      int columns,
      double[] sums) {
    DoubleVector c00 = DoubleVector.zero(S);
    DoubleVector c01 = DoubleVector.zero(S);
    DoubleVector c02 = DoubleVector.zero(S);
    DoubleVector c03 = DoubleVector.zero(S);
    DoubleVector c10 = DoubleVector.zero(S);
    DoubleVector c11 = DoubleVector.zero(S);
    DoubleVector c12 = DoubleVector.zero(S);
    DoubleVector c13 = DoubleVector.zero(S);
    DoubleVector c20 = DoubleVector.zero(S);
    DoubleVector c21 = DoubleVector.zero(S);
    DoubleVector c22 = DoubleVector.zero(S);
    DoubleVector c23 = DoubleVector.zero(S);
    DoubleVector c30 = DoubleVector.zero(S);
    DoubleVector c31 = DoubleVector.zero(S);
    DoubleVector c32 = DoubleVector.zero(S);
    DoubleVector c33 = DoubleVector.zero(S);
    DoubleVector c40 = DoubleVector.zero(S);
    DoubleVector c41 = DoubleVector.zero(S);
    DoubleVector c42 = DoubleVector.zero(S);
    DoubleVector c43 = DoubleVector.zero(S);
    DoubleVector c50 = DoubleVector.zero(S);
    DoubleVector c51 = DoubleVector.zero(S);
    DoubleVector c52 = DoubleVector.zero(S);
    DoubleVector c53 = DoubleVector.zero(S);
    for (int k = 0; k < inner; k++) {
      int row = at + k;
      int column = from + k * COLUMNS;
      DoubleVector b0 = DoubleVector.fromArray(S, right, column);
      DoubleVector b1 = DoubleVector.fromArray(S, right, column + LANES);
      DoubleVector b2 = DoubleVector.fromArray(S, right, column + 2 * LANES);
      DoubleVector b3 = DoubleVector.fromArray(S, right, column + 3 * LANES);
      DoubleVector a0 = DoubleVector.broadcast(S, left[row]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      DoubleVector a1 = DoubleVector.broadcast(S, left[row + INNER]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      DoubleVector a2 = DoubleVector.broadcast(S, left[row + 2 * INNER]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      DoubleVector a3 = DoubleVector.broadcast(S, left[row + 3 * INNER]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      DoubleVector a4 = DoubleVector.broadcast(S, left[row + 4 * INNER]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      DoubleVector a5 = DoubleVector.broadcast(S, left[row + 5 * INNER]);
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
  public void put(double[] sums, int rows, int columns, long out, long pitch, boolean add) {
    if (rows < ROWS || columns < COLUMNS) {
      DoublePanels.put(sums, COLUMNS, rows, columns, out, pitch, add);
      return;
    }
    for (int i = 0; i < ROWS; i++) {
      int from = i * COLUMNS;
      long to = out + i * pitch;
      // Two loops: a choice between two vectors makes objects of them.
      if (add) {
        for (int j = 0; j < COLUMNS; j += LANES) {
          long address = to + (long) j * Double.BYTES;
          DoubleVector v = DoubleVector.fromMemorySegment(S, Raw.ALL, address, ORDER);
          v = DoubleVector.fromArray(S, sums, from + j).add(v);
          v.blend(Double.NaN, v.compare(VectorOperators.NE, v))
              .intoMemorySegment(Raw.ALL, address, ORDER);
        }
      } else {
        for (int j = 0; j < COLUMNS; j += LANES) {
          long address = to + (long) j * Double.BYTES;
          DoubleVector v = DoubleVector.fromArray(S, sums, from + j);
          v.blend(Double.NaN, v.compare(VectorOperators.NE, v))
              .intoMemorySegment(Raw.ALL, address, ORDER);
        }
      }
    }
  }
}
