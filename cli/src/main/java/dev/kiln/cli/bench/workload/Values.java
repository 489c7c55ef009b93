package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The elements of a computed float32 or float64 array, as doubles. */
public record Values(DType dtype, Shape shape, MemorySegment data) {
  /** Of an array in memory. */
  public static Values of(NDArray computed) {
    return new Values(computed.dtype(), computed.shape(), computed.data());
  }

  /** The number of elements. */
  public long size() {
    return shape.size();
  }

  /** An element in row-major order. */
  public double at(long i) {
    return dtype == DType.FLOAT32
        ? data.getAtIndex(ValueLayout.JAVA_FLOAT, i)
        : data.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
  }

  /** All elements. */
  double[] toArray() {
    double[] elements = new double[Math.toIntExact(size())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = at(i);
    }
    return elements;
  }
}
