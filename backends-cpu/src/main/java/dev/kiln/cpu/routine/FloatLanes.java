package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Running sums and products of float32 by plain loops, which the JIT compiler turns into vector
 * code by itself: a step of all chunks at once, since the same element of each chunk lies in one
 * array.
 */
final class FloatLanes {
  /**
   * Elements below which arrays are not worth their making: what vector code leaves, and short
   * rows.
   */
  private static final int FEW = 4 * Scan.CHUNK;

  private final boolean sum;

  FloatLanes(boolean sum) {
    this.sum = sum;
  }

  /** See {@link Scan#local}. */
  void local(long x, long out, int n, float carry) {
    if (n < FEW) {
      few(x, out, n, carry);
      return;
    }
    int chunks = (n + Scan.CHUNK - 1) / Scan.CHUNK;
    float[] flat = new float[chunks * Scan.CHUNK];
    MemorySegment.copy(Raw.ALL, FloatPanels.ELEMENT, x, flat, 0, n);
    float[][] lanes = new float[Scan.CHUNK][chunks];
    for (int i = 0; i < Scan.CHUNK; i++) {
      split(flat, i, lanes[i]);
    }
    for (int h = 1; h < Scan.CHUNK; h *= 2) {
      for (int i = Scan.CHUNK - 1; i >= h; i--) {
        combine(lanes[i - h], lanes[i]);
      }
    }
    float[] before = before(lanes[Scan.CHUNK - 1], carry);
    for (int i = 0; i < Scan.CHUNK; i++) {
      combine(before, lanes[i]);
      join(lanes[i], i, flat);
    }
    MemorySegment.copy(flat, 0, Raw.ALL, FloatPanels.ELEMENT, out, n);
  }

  /** See {@link Scan#shift}. */
  void shift(long out, int n, float offset) {
    if (n < FEW) {
      for (int i = 0; i < n; i++) {
        long at = out + (long) i * Float.BYTES;
        float value = combine(offset, Raw.getFloat(at));
        Raw.setFloat(at, Float.isNaN(value) ? Float.NaN : value);
      }
      return;
    }
    float[] all = new float[n];
    float[] before = new float[n];
    Arrays.fill(before, offset);
    MemorySegment.copy(Raw.ALL, FloatPanels.ELEMENT, out, all, 0, n);
    combine(before, all);
    canonicalise(all);
    MemorySegment.copy(all, 0, Raw.ALL, FloatPanels.ELEMENT, out, n);
  }

  private void few(long x, long out, int n, float carry) {
    float[] v = new float[Scan.CHUNK];
    float last = carry;
    for (int start = 0; start < n; start += Scan.CHUNK) {
      int count = Math.min(Scan.CHUNK, n - start);
      for (int i = 0; i < count; i++) {
        v[i] = Raw.getFloat(x + (long) Float.BYTES * (start + i));
      }
      for (int h = 1; h < Scan.CHUNK; h *= 2) {
        for (int i = count - 1; i >= h; i--) {
          v[i] = combine(v[i - h], v[i]);
        }
      }
      for (int i = 0; i < count; i++) {
        v[i] = combine(last, v[i]);
        Raw.setFloat(out + (long) Float.BYTES * (start + i), v[i]);
      }
      last = v[count - 1];
    }
  }

  private float combine(float a, float b) {
    return sum ? a + b : a * b;
  }

  private static void split(float[] flat, int at, float[] lane) {
    for (int c = 0; c < lane.length; c++) {
      lane[c] = flat[c * Scan.CHUNK + at];
    }
  }

  private static void join(float[] lane, int at, float[] flat) {
    for (int c = 0; c < lane.length; c++) {
      flat[c * Scan.CHUNK + at] = lane[c];
    }
  }

  private void combine(float[] before, float[] lane) {
    if (sum) {
      add(before, lane);
    } else {
      multiply(before, lane);
    }
  }

  private static void add(float[] before, float[] lane) {
    for (int c = 0; c < lane.length; c++) {
      lane[c] = before[c] + lane[c];
    }
  }

  private static void multiply(float[] before, float[] lane) {
    for (int c = 0; c < lane.length; c++) {
      lane[c] = before[c] * lane[c];
    }
  }

  /** What comes before each chunk, from the chunks' own last results. */
  private float[] before(float[] last, float carry) {
    float[] before = new float[last.length];
    float running = carry;
    for (int c = 0; c < last.length; c++) {
      before[c] = running;
      running = combine(running, last[c]);
    }
    return before;
  }

  static void canonicalise(float[] values) {
    for (int j = 0; j < values.length; j++) {
      if (Float.isNaN(values[j])) {
        values[j] = Float.NaN;
      }
    }
  }
}
