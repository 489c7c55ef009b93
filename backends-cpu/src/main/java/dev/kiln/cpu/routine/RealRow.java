package dev.kiln.cpu.routine;

import dev.kiln.kernel.Fourier.Parts;

/**
 * A row of real numbers in memory, read as complex ones: two neighbours are real and imaginary
 * part, or each is a number.
 *
 * @param address of the first
 * @param stride in bytes
 * @param single whether they are float32
 * @param pairs whether two make one
 */
record RealRow(long address, long stride, boolean single, boolean pairs) implements Passes.Source {
  @Override
  public void read(int from, int count, Parts to, int at) {
    read(from, count, to, at, 1);
  }

  /** Puts numbers into an array from a place on, a step apart. */
  void read(int from, int count, Parts to, int at, int step) {
    if (pairs) {
      long first = address + 2L * from * stride;
      parts(first, 2 * stride, count, to.re(), at, step);
      parts(first + stride, 2 * stride, count, to.im(), at, step);
    } else {
      parts(address + from * stride, stride, count, to.re(), at, step);
      for (int k = 0; k < count; k++) {
        to.im()[at + k * step] = 0;
      }
    }
  }

  private void parts(long first, long apart, int count, double[] to, int at, int step) {
    if (single) {
      for (int k = 0; k < count; k++) {
        to[at + k * step] = Raw.getFloat(first + k * apart);
      }
    } else {
      for (int k = 0; k < count; k++) {
        to[at + k * step] = Raw.getDouble(first + k * apart);
      }
    }
  }
}
