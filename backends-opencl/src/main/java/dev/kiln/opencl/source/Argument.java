package dev.kiln.opencl.source;

import dev.kiln.DType;

/**
 * An argument of an OpenCL function: what a launch must bring for it. All but arrays and parameters
 * are of the type {@code INDEX}.
 */
public sealed interface Argument {
  /** The first unit of work of this call. */
  record Begin() implements Argument {}

  /** The unit of work after the last one of this call. */
  record Units() implements Argument {}

  /** Units of work that one work-item does. */
  record Chunk() implements Argument {}

  /** Points of the innermost dimension that a unit has. */
  record Strip() implements Argument {}

  /** The first block of each sequence that this call reduces. */
  record FirstBlock() implements Argument {}

  /** Blocks of each sequence that this call reduces. */
  record BlocksHere() implements Argument {}

  /** Blocks that a sequence has. */
  record Blocks() implements Argument {}

  /** Elements that a sequence has. */
  record Count() implements Argument {}

  /** The extent of a loop dimension. */
  record Extent(int dimension) implements Argument {}

  /** An operand's buffer. */
  record Operand(int operand, DType dtype) implements Argument {}

  /** The element, or the index, at an operand's first point. */
  record OperandOffset(int operand) implements Argument {}

  /** An operand's stride along a loop dimension. */
  record OperandStride(int operand, int dimension) implements Argument {}

  /** A scalar of the launch. */
  record Param(int index, DType dtype) implements Argument {}

  /** An output's buffer. */
  record Output(int output, DType dtype) implements Argument {}

  /** The element at an output's first point. */
  record OutputOffset(int output) implements Argument {}

  /** An output's stride along a loop dimension. */
  record OutputStride(int output, int dimension) implements Argument {}

  /** Scratch with an element for each block of each sequence. */
  record Part(int part, DType dtype) implements Argument {}

  /** How the argument is declared. */
  default String declaration() {
    return switch (this) {
      case Begin begin -> "const INDEX begin";
      case Units units -> "const INDEX units";
      case Chunk chunk -> "const INDEX chunk";
      case Strip strip -> "const INDEX strip";
      case FirstBlock first -> "const INDEX first_block";
      case BlocksHere here -> "const INDEX blocks_here";
      case Blocks blocks -> "const INDEX blocks";
      case Count count -> "const INDEX count";
      case Extent extent -> "const INDEX n" + extent.dimension();
      case Operand operand -> "global const " + array(operand.dtype(), "a" + operand.operand());
      case OperandOffset offset -> "const INDEX a" + offset.operand() + "_offset";
      case OperandStride stride ->
          "const INDEX a" + stride.operand() + "_stride" + stride.dimension();
      case Param param -> "const " + CType.memory(param.dtype()) + " p" + param.index();
      case Output output -> "global " + array(output.dtype(), "o" + output.output());
      case OutputOffset offset -> "const INDEX o" + offset.output() + "_offset";
      case OutputStride stride ->
          "const INDEX o" + stride.output() + "_stride" + stride.dimension();
      case Part part -> "global " + array(part.dtype(), "r" + part.part());
    };
  }

  private static String array(DType dtype, String name) {
    return CType.memory(dtype) + " *restrict " + name;
  }
}
