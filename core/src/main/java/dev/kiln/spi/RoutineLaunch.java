package dev.kiln.spi;

import dev.kiln.DType;
import dev.kiln.Shape;
import java.util.List;

/**
 * All that a routine needs to run once. Whoever makes one has checked that every element lies
 * within its buffer; no array is empty, but for inputs of a foreign kernel, which are dense.
 *
 * @param inputs in the order of the routine's inputs; views of others' memory, with any strides
 * @param outputs dense and row-major; several of a foreign kernel alone
 */
public record RoutineLaunch(List<Array> inputs, List<Array> outputs) {
  public RoutineLaunch {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The launch of a routine that has one output. */
  public RoutineLaunch(List<Array> inputs, Array output) {
    this(inputs, List.of(output));
  }

  /** The output of a routine that has one. */
  public Array output() {
    return outputs.getFirst();
  }

  /**
   * An array in memory: the element at an index is number offset + sum of stride * index.
   *
   * @param buffer where it lies
   * @param dtype of its elements
   * @param shape its extents
   * @param offset of the first element, in elements
   * @param strides in elements, one for each axis; 0 where an element is repeated, negative where
   *     it runs backwards
   */
  public record Array(Buffer buffer, DType dtype, Shape shape, long offset, List<Long> strides) {
    public Array {
      strides = List.copyOf(strides);
    }
  }
}
