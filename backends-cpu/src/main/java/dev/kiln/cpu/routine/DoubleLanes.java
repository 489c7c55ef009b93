package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Running sums and products of float64 by plain loops, which the JIT compiler turns into vector
 * code by itself: a step of all chunks at once, since the same element of each chunk lies in one
 * array.
 */
final class DoubleLanes {
  /**
   * Elements below which arrays are not worth their making: what vector code leaves, and short
   * rows.
   */
  private static final int FEW = 4 * Scan.CHUNK;

  private final boolean sum;

  DoubleLanes(boolean sum) {
    this.sum = sum;
  }

  /** See {@link Scan#local}. */
  void local(long x, long out, int n, double carry) {
    if (n < FEW) {
      few(x, out, n, carry);
      return;
    }
    int chunks = (n + Scan.CHUNK - 1) / Scan.CHUNK;
    double[] flat = new double[chunks * Scan.CHUNK];
    MemorySegment.copy(Raw.ALL, DoublePanels.ELEMENT, x, flat, 0, n);
    double[][] lanes = new double[Scan.CHUNK][chunks];
    for (int i = 0; i < Scan.CHUNK; i++) {
      split(flat, i, lanes[i]);
    }
    for (int h = 1; h < Scan.CHUNK; h *= 2) {
      for (int i = Scan.CHUNK - 1; i >= h; i--) {
        combine(lanes[i - h], lanes[i]);
      }
    }
    double[] before = before(lanes[Scan.CHUNK - 1], carry);
    for (int i = 0; i < Scan.CHUNK; i++) {
      combine(before, lanes[i]);
      join(lanes[i], i, flat);
    }
    MemorySegment.copy(flat, 0, Raw.ALL, DoublePanels.ELEMENT, out, n);
  }

  /** See {@link Scan#shift}. */
  void shift(long out, int n, double offset) {
    if (n < FEW) {
      for (int i = 0; i < n; i++) {
        long at = out + (long) i * Double.BYTES;
        double value = combine(offset, Raw.getDouble(at));
        Raw.setDouble(at, Double.isNaN(value) ? Double.NaN : value);
      }
      return;
    }
    double[] all = new double[n];
    double[] before = new double[n];
    Arrays.fill(before, offset);
    MemorySegment.copy(Raw.ALL, DoublePanels.ELEMENT, out, all, 0, n);
    combine(before, all);
    canonicalise(all);
    MemorySegment.copy(all, 0, Raw.ALL, DoublePanels.ELEMENT, out, n);
  }

  private void few(long x, long out, int n, double carry) {
    double[] v = new double[Scan.CHUNK];
    double last = carry;
    for (int start = 0; start < n; start += Scan.CHUNK) {
      int count = Math.min(Scan.CHUNK, n - start);
      for (int i = 0; i < count; i++) {
        v[i] = Raw.getDouble(x + (long) Double.BYTES * (start + i));
      }
      for (int h = 1; h < Scan.CHUNK; h *= 2) {
        for (int i = count - 1; i >= h; i--) {
          v[i] = combine(v[i - h], v[i]);
        }
      }
      for (int i = 0; i < count; i++) {
        v[i] = combine(last, v[i]);
        Raw.setDouble(out + (long) Double.BYTES * (start + i), v[i]);
      }
      last = v[count - 1];
    }
  }

  private double combine(double a, double b) {
    return sum ? a + b : a * b;
  }

  private static void split(double[] flat, int at, double[] lane) {
    for (int c = 0; c < lane.length; c++) {
      lane[c] = flat[c * Scan.CHUNK + at];
    }
  }

  private static void join(double[] lane, int at, double[] flat) {
    for (int c = 0; c < lane.length; c++) {
      flat[c * Scan.CHUNK + at] = lane[c];
    }
  }

  private void combine(double[] before, double[] lane) {
    if (sum) {
      add(before, lane);
    } else {
      multiply(before, lane);
    }
  }

  private static void add(double[] before, double[] lane) {
    for (int c = 0; c < lane.length; c++) {
      lane[c] = before[c] + lane[c];
    }
  }

  private static void multiply(double[] before, double[] lane) {
    for (int c = 0; c < lane.length; c++) {
      lane[c] = before[c] * lane[c];
    }
  }

  /** What comes before each chunk, from the chunks' own last results. */
  private double[] before(double[] last, double carry) {
    double[] before = new double[last.length];
    double running = carry;
    for (int c = 0; c < last.length; c++) {
      before[c] = running;
      running = combine(running, last[c]);
    }
    return before;
  }

  static void canonicalise(double[] values) {
    for (int j = 0; j < values.length; j++) {
      if (Double.isNaN(values[j])) {
        values[j] = Double.NaN;
      }
    }
  }
}
