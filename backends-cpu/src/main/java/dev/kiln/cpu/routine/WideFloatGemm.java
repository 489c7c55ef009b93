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
    if (rows < ROWS) {
      FloatPanels.packRows(x, rowStride, stride, rows, ROWS, inner, panel, at);
      return;
    }
    int to = at;
    long from = x;
    for (int k = 0; k < inner; k++) {
      panel[to] = Raw.getFloat(from);
      panel[to + 1] = Raw.getFloat(from + rowStride);
      panel[to + 2] = Raw.getFloat(from + 2 * rowStride);
      panel[to + 3] = Raw.getFloat(from + 3 * rowStride);
      panel[to + 4] = Raw.getFloat(from + 4 * rowStride);
      panel[to + 5] = Raw.getFloat(from + 5 * rowStride);
      to += ROWS;
      from += stride;
    }
  }

  @Override
  public void packColumns(
      long y, long stride, long columnStride, int inner, int columns, long panel) {
    if (columns < COLUMNS || columnStride != Float.BYTES) {
      FloatPanels.packColumns(y, stride, columnStride, inner, columns, COLUMNS, panel);
      return;
    }
    for (int k = 0; k < inner; k++) {
      long from = y + k * stride;
      long to = panel + (long) k * COLUMNS * Float.BYTES;
      load(from).intoMemorySegment(Raw.ALL, to, ORDER);
      load(from + BYTES).intoMemorySegment(Raw.ALL, to + BYTES, ORDER);
      load(from + 2L * BYTES).intoMemorySegment(Raw.ALL, to + 2L * BYTES, ORDER);
      load(from + 3L * BYTES).intoMemorySegment(Raw.ALL, to + 3L * BYTES, ORDER);
    }
  }

  @Override
  public void tile(float[] left, int at, long right, int inner, long out, long pitch, boolean add) {
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
    int end = at + inner * ROWS;
    long from = right;
    for (int k = at; k < end; k += ROWS) {
      FloatVector b0 = load(from);
      FloatVector b1 = load(from + BYTES);
      FloatVector b2 = load(from + 2L * BYTES);
      FloatVector b3 = load(from + 3L * BYTES);
      FloatVector a0 = FloatVector.broadcast(S, left[k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = FloatVector.broadcast(S, left[k + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = FloatVector.broadcast(S, left[k + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = FloatVector.broadcast(S, left[k + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      FloatVector a4 = FloatVector.broadcast(S, left[k + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      FloatVector a5 = FloatVector.broadcast(S, left[k + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      c53 = a5.fma(b3, c53);
      from += 4L * BYTES;
    }
    long to = out;
    put(c00, to, add);
    put(c01, to + BYTES, add);
    put(c02, to + 2L * BYTES, add);
    put(c03, to + 3L * BYTES, add);
    to += pitch;
    put(c10, to, add);
    put(c11, to + BYTES, add);
    put(c12, to + 2L * BYTES, add);
    put(c13, to + 3L * BYTES, add);
    to += pitch;
    put(c20, to, add);
    put(c21, to + BYTES, add);
    put(c22, to + 2L * BYTES, add);
    put(c23, to + 3L * BYTES, add);
    to += pitch;
    put(c30, to, add);
    put(c31, to + BYTES, add);
    put(c32, to + 2L * BYTES, add);
    put(c33, to + 3L * BYTES, add);
    to += pitch;
    put(c40, to, add);
    put(c41, to + BYTES, add);
    put(c42, to + 2L * BYTES, add);
    put(c43, to + 3L * BYTES, add);
    to += pitch;
    put(c50, to, add);
    put(c51, to + BYTES, add);
    put(c52, to + 2L * BYTES, add);
    put(c53, to + 3L * BYTES, add);
  }

  @Override
  public void part(long tile, int rows, int columns, long out, long pitch, boolean add) {
    FloatPanels.part(tile, COLUMNS, rows, columns, out, pitch, add);
  }

  private static void put(FloatVector sums, long address, boolean add) {
    FloatVector v = add ? load(address).add(sums) : sums;
    v.blend(Float.NaN, v.compare(VectorOperators.NE, v)).intoMemorySegment(Raw.ALL, address, ORDER);
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(S, Raw.ALL, address, ORDER);
  }
}
