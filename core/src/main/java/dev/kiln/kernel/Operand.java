package dev.kiln.kernel;

import dev.kiln.DType;

/**
 * How a kernel reads one array: what is known of it before launch. Offset and strides are given at
 * launch.
 *
 * @param source memory, or the element's own index instead of any memory
 * @param dtype of the elements; INT64 for an index
 * @param access along the innermost loop dimension
 */
public record Operand(Source source, DType dtype, Access access) {
  /** Where the elements come from. */
  public enum Source {
    /** A buffer. */
    MEMORY,
    /** No buffer: the value is offset + sum of stride * loop index, as int64. */
    INDEX
  }

  /** The stride along the innermost loop dimension. */
  public enum Access {
    /** Stride 1. */
    CONTIGUOUS,
    /** Stride 0: one element serves the whole inner loop. */
    BROADCAST,
    /** Any stride, given at launch. */
    STRIDED
  }
}
