package dev.kiln.opencl.source;

import java.util.List;

/**
 * A kernel as OpenCL C: the text, and the functions that a launch calls one after another.
 *
 * @param text the program; the type {@code INDEX} is to be defined by a build option
 * @param functions what is called, in this order: one that stores, or one for blocks and one that
 *     combines them
 * @param parts the scratch that the functions share
 * @param loneBlocksAreDone whether the second function has nothing to do where each sequence is one
 *     block: the first then writes results into outputs, see {@link Part}
 */
public record Source(
    String text, List<Function> functions, List<Part> parts, boolean loneBlocksAreDone) {
  public Source {
    functions = List.copyOf(functions);
    parts = List.copyOf(parts);
  }

  /** A function of the program. */
  public record Function(String name, List<Argument> arguments) {
    public Function {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Scratch with an element for each block of each sequence.
   *
   * @param bytes of an element
   * @param output the output that a lone block's result is; −1 for none
   */
  public record Part(int bytes, int output) {}
}
