package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.List;

/**
 * A reduction in two steps: of a block, whose elements are in the private array x, into scratch;
 * and of a sequence, whose blocks' results are in scratch, into the output.
 */
interface Partial {
  /**
   * An array of scratch.
   *
   * @param output the output that a lone block's result is; −1 for none
   */
  record Array(DType dtype, int output) {}

  /** The scratch it needs. */
  List<Array> arrays();

  /** Adds the first step, for the block {@code unit} of {@code length} elements. */
  void block(Lines lines, Helpers helpers, int part);

  /** Adds the second step, for the sequence {@code row} whose blocks begin at {@code at}. */
  void combine(Lines lines, Helpers helpers, int part);

  /** The statement that writes an output. */
  static String write(int output, String value) {
    return "o" + output + "[o" + output + "_offset + row] = " + value + ";";
  }
}
