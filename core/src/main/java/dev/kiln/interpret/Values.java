package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.Shape;
import java.util.function.UnaryOperator;

/**
 * An array as the interpreter holds it.
 *
 * @param dtype of the elements
 * @param shape of the array
 * @param bits the elements in row-major order, in the form of {@link dev.kiln.kernel.Bits}
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record Values(DType dtype, Shape shape, long[] bits) {
  /** Puts what a sequence becomes in its place, for each sequence along an axis. */
  long[] along(int axis, UnaryOperator<long[]> meaning) {
    long inner = 1;
    for (int k = axis + 1; k < shape.rank(); k++) {
      inner *= shape.extent(k);
    }
    int step = (int) inner;
    int n = (int) shape.extent(axis);
    long[] out = new long[bits.length];
    for (int start = 0; start < bits.length; start++) {
      if (start / step % n != 0) {
        continue; // not the first of a sequence
      }
      Interrupts.check();
      long[] sequence = new long[n];
      for (int i = 0; i < n; i++) {
        sequence[i] = bits[start + i * step];
      }
      long[] result = meaning.apply(sequence);
      for (int i = 0; i < n; i++) {
        out[start + i * step] = result[i];
      }
    }
    return out;
  }
}
