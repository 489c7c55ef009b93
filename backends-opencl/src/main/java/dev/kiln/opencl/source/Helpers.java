package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.Comparator;
import java.util.TreeSet;

/** The functions that a program's kernels call, each once, in a fixed order. */
final class Helpers {
  private record Use(Helper helper, DType dtype) {}

  private final TreeSet<Use> used =
      new TreeSet<>(Comparator.comparing(Use::helper).thenComparing(Use::dtype));
  private final boolean exactDivision;

  /** No functions yet. */
  Helpers(boolean exactDivision) {
    this.exactDivision = exactDivision;
  }

  /** Whether the device's division and square root of float32 are rounded correctly. */
  boolean exactDivision() {
    return exactDivision;
  }

  /** A call of a function, which the program will define. */
  String call(Helper helper, DType dtype, String... arguments) {
    add(helper, dtype);
    return helper.of(dtype) + "(" + String.join(", ", arguments) + ")";
  }

  private void add(Helper helper, DType dtype) {
    if (used.add(new Use(helper, dtype))) {
      helper.needs().forEach(needed -> add(needed, dtype));
    }
  }

  /** The definitions. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Use use : used) {
      text.append(use.helper().text(use.dtype(), exactDivision)).append('\n');
    }
    return text.toString();
  }
}
