package dev.kiln.cpu.routine;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 6 rows and 2 vectors of float64, for processors with 16 registers. Their 12 sums stay in
 * registers. Loaded only where the Vector API is there.
 */
final class NarrowDoubleGemm implements Gemm<double[]> {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int BYTES = S.vectorByteSize();
  private static final int ROWS = 6;
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
    if (rows < ROWS) {
      DoublePanels.packRows(x, rowStride, stride, rows, ROWS, inner, panel, at);
      return;
    }
    int to = at;
    long from = x;
    for (int k = 0; k < inner; k++) {
      panel[to] = Raw.getDouble(from);
      panel[to + 1] = Raw.getDouble(from + rowStride);
      panel[to + 2] = Raw.getDouble(from + 2 * rowStride);
      panel[to + 3] = Raw.getDouble(from + 3 * rowStride);
      panel[to + 4] = Raw.getDouble(from + 4 * rowStride);
      panel[to + 5] = Raw.getDouble(from + 5 * rowStride);
      to += ROWS;
      from += stride;
    }
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, long panel) {
    if (columns < COLUMNS || columnStride != Double.BYTES) {
      DoublePanels.packColumns(y, stride, columnStride, inner, columns, COLUMNS, panel);
      return;
    }
    for (int k = 0; k < inner; k++) {
      long from = y + k * stride;
      long to = panel + (long) k * COLUMNS * Double.BYTES;
      load(from).intoMemorySegment(Raw.ALL, to, ORDER);
      load(from + BYTES).intoMemorySegment(Raw.ALL, to + BYTES, ORDER);
    }
  }

  @Override
  public void tile(
      double[] left, int at, long right, int inner, long out, long pitch, boolean add) {
    DoubleVector c00 = DoubleVector.zero(S);
    DoubleVector c01 = DoubleVector.zero(S);
    DoubleVector c10 = DoubleVector.zero(S);
    DoubleVector c11 = DoubleVector.zero(S);
    DoubleVector c20 = DoubleVector.zero(S);
    DoubleVector c21 = DoubleVector.zero(S);
    DoubleVector c30 = DoubleVector.zero(S);
    DoubleVector c31 = DoubleVector.zero(S);
    DoubleVector c40 = DoubleVector.zero(S);
    DoubleVector c41 = DoubleVector.zero(S);
    DoubleVector c50 = DoubleVector.zero(S);
    DoubleVector c51 = DoubleVector.zero(S);
    int end = at + inner * ROWS;
    long from = right;
    for (int k = at; k < end; k += ROWS) {
      DoubleVector b0 = load(from);
      DoubleVector b1 = load(from + BYTES);
      DoubleVector a0 = DoubleVector.broadcast(S, left[k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(S, left[k + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(S, left[k + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(S, left[k + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      DoubleVector a4 = DoubleVector.broadcast(S, left[k + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      DoubleVector a5 = DoubleVector.broadcast(S, left[k + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      from += 2L * BYTES;
    }
    long to = out;
    put(c00, to, add);
    put(c01, to + BYTES, add);
    to += pitch;
    put(c10, to, add);
    put(c11, to + BYTES, add);
    to += pitch;
    put(c20, to, add);
    put(c21, to + BYTES, add);
    to += pitch;
    put(c30, to, add);
    put(c31, to + BYTES, add);
    to += pitch;
    put(c40, to, add);
    put(c41, to + BYTES, add);
    to += pitch;
    put(c50, to, add);
    put(c51, to + BYTES, add);
  }

  @Override
  public void part(long tile, int rows, int columns, long out, long pitch, boolean add) {
    DoublePanels.part(tile, COLUMNS, rows, columns, out, pitch, add);
  }

  private static void put(DoubleVector sums, long address, boolean add) {
    DoubleVector v = add ? load(address).add(sums) : sums;
    v.blend(Double.NaN, v.compare(VectorOperators.NE, v))
        .intoMemorySegment(Raw.ALL, address, ORDER);
  }

  private static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(S, Raw.ALL, address, ORDER);
  }
}
