package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import java.util.List;
import java.util.stream.Collectors;

/** Where a kernel's operands lie: the index arithmetic of its loops. */
final class Places {
  private final Kernel kernel;

  Places(Kernel kernel) {
    this.kernel = kernel;
  }

  /** The arguments that operands need. */
  void arguments(List<Argument> arguments) {
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      if (operand.source() == Operand.Source.MEMORY) {
        arguments.add(new Argument.Operand(k, operand.dtype()));
      }
      arguments.add(new Argument.OperandOffset(k));
      for (int d = 0; d < kernel.rank() - 1; d++) {
        arguments.add(new Argument.OperandStride(k, d));
      }
      if (operand.access() == Operand.Access.STRIDED) {
        arguments.add(new Argument.OperandStride(k, kernel.rank() - 1));
      }
    }
    for (int p = 0; p < kernel.params().size(); p++) {
      arguments.add(new Argument.Param(p, kernel.params().get(p)));
    }
  }

  /**
   * Adds the indices of dimensions, i0, i1 and so on, of a point given by its row-major number.
   *
   * @param number a variable of that number, which is used up
   */
  static void indices(Lines lines, String number, int from, int to) {
    for (int d = to - 1; d > from; d--) {
      lines.add("const INDEX i" + d + " = " + number + " % n" + d + ";");
      lines.add(number + " /= n" + d + ";");
    }
    if (to > from) {
      lines.add("const INDEX i" + from + " = " + number + ";");
    }
  }

  /** Adds, for each operand, its place moved along dimensions whose indices are known. */
  void move(Lines lines, String before, String after, int from, int to) {
    for (int k = 0; k < kernel.operands().size(); k++) {
      lines.add(moved("a" + k, before, after, from, to));
    }
  }

  /** A declaration of an array's place moved along dimensions whose indices are known. */
  static String moved(String array, String before, String after, int from, int to) {
    StringBuilder text = new StringBuilder("const INDEX " + array + after + " = " + array + before);
    for (int d = from; d < to; d++) {
      text.append(" + i").append(d).append(" * ").append(array).append("_stride").append(d);
    }
    return text.append(';').toString();
  }

  /** The element of an operand at an index of the innermost dimension. */
  String element(int k, String place, String inner) {
    Operand operand = kernel.operands().get(k);
    String at = at("a" + k, operand.access(), place, inner);
    return switch (operand.source()) {
      case INDEX -> "(long) (" + at + ")";
      case MEMORY -> "a" + k + "[" + at + "]" + (operand.dtype() == DType.BOOL ? " != 0" : "");
    };
  }

  /** The element number at an index of the innermost dimension. */
  String at(String array, Operand.Access access, String place, String inner) {
    String start = array + place;
    return switch (access) {
      case CONTIGUOUS -> start + " + " + inner;
      case BROADCAST -> start;
      case STRIDED -> start + " + " + inner + " * " + array + "_stride" + (kernel.rank() - 1);
    };
  }

  /** A function's head. */
  static String signature(String name, List<Argument> arguments) {
    return "kernel void "
        + name
        + arguments.stream()
            .map(Argument::declaration)
            .collect(Collectors.joining(",\n    ", "(\n    ", ")"));
  }
}
