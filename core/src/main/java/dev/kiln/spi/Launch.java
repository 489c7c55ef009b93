package dev.kiln.spi;

import java.util.List;

/**
 * All that a kernel needs to run once. Whoever makes one has checked that every access lies within
 * its buffer.
 *
 * @param extents of the kernel's loop dimensions, kept before reduced; never 0 for a kept one
 * @param operands one for each of the kernel's operands
 * @param params one for each of the kernel's parameters, in the form of {@link
 *     dev.kiln.kernel.Bits}
 * @param outputs one for each of the kernel's outputs
 */
public record Launch(
    List<Long> extents, List<Access> operands, List<Long> params, List<Access> outputs) {
  public Launch {
    extents = List.copyOf(extents);
    operands = List.copyOf(operands);
    params = List.copyOf(params);
    outputs = List.copyOf(outputs);
  }

  /**
   * An affine access: element number offset + sum of stride * loop index.
   *
   * @param buffer what is accessed; null for an index operand, whose value is the element number
   *     itself
   * @param offset of the first point, in elements
   * @param strides in elements, one for each loop dimension; for the output of a reduction one for
   *     each kept dimension
   */
  public record Access(
      @org.jspecify.annotations.Nullable Buffer buffer, long offset, List<Long> strides) {
    public Access {
      strides = List.copyOf(strides);
    }
  }
}
