package dev.kiln.cpu.routine;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 4 rows and 2 vectors of float64, for processors with 16 registers. Their 8 sums stay in
 * registers. Loaded only where the Vector API is there.
 */
final class NarrowDoubleGemm implements Gemm<double[]> {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int BYTES = S.vectorByteSize();
  private static final int ROWS = 4;
  private static final int COLUMNS = 2 * LANES;
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
    DoubleVector c10 = DoubleVector.zero(S);
    DoubleVector c11 = DoubleVector.zero(S);
    DoubleVector c20 = DoubleVector.zero(S);
    DoubleVector c21 = DoubleVector.zero(S);
    DoubleVector c30 = DoubleVector.zero(S);
    DoubleVector c31 = DoubleVector.zero(S);
    for (int k = 0; k < inner; k++) {
      int row = at + k;
      int column = from + k * COLUMNS;
      DoubleVector b0 = DoubleVector.fromArray(S, right, column);
      DoubleVector b1 = DoubleVector.fromArray(S, right, column + LANES);
      DoubleVector a0 = DoubleVector.broadcast(S, left[row]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(S, left[row + INNER]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(S, left[row + 2 * INNER]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(S, left[row + 3 * INNER]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    c00.intoArray(sums, 0);
    c01.intoArray(sums, LANES);
    c10.intoArray(sums, 2 * LANES);
    c11.intoArray(sums, 3 * LANES);
    c20.intoArray(sums, 4 * LANES);
    c21.intoArray(sums, 5 * LANES);
    c30.intoArray(sums, 6 * LANES);
    c31.intoArray(sums, 7 * LANES);
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
