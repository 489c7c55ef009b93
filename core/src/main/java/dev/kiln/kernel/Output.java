package dev.kiln.kernel;

import dev.kiln.DType;

/** What a kernel does with a value of its body. */
public sealed interface Output {
  /** The number of the instruction whose value is written or reduced. */
  int value();

  /** The dtype of the elements written. */
  DType dtype();

  /** Writes the value at every point of the index space. */
  record Store(DType dtype, int value, Operand.Access access) implements Output {}

  /**
   * Reduces the value over the reduced dimensions and writes one element a point of the kept ones,
   * contiguously.
   */
  record Reduce(ReduceOp op, DType dtype, int value) implements Output {}
}
