package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.ForeignKernel.Argument;
import dev.kiln.opencl.KernelFacts.Parameter;
import dev.kiln.opencl.KernelFacts.Space;
import dev.kiln.opencl.source.CType;
import java.util.List;
import java.util.Map;

/**
 * Compares what a user passes to a kernel of his own with what the driver knows of it. What a
 * kernel does with its pointers nobody can check.
 */
final class ForeignCheck {
  /** The bytes of OpenCL's scalar types that parameters may have. */
  private static final Map<String, Integer> SCALARS =
      Map.ofEntries(
          Map.entry("char", 1),
          Map.entry("uchar", 1),
          Map.entry("short", 2),
          Map.entry("ushort", 2),
          Map.entry("half", 2),
          Map.entry("int", 4),
          Map.entry("uint", 4),
          Map.entry("float", 4),
          Map.entry("long", 8),
          Map.entry("ulong", 8),
          Map.entry("double", 8));

  private final ForeignKernel kernel;
  private final KernelFacts facts;
  private final ClDevice device;

  ForeignCheck(ForeignKernel kernel, KernelFacts facts, ClDevice device) {
    this.kernel = kernel;
    this.facts = facts;
    this.device = device;
  }

  /**
   * Checks everything.
   *
   * @throws KilnException naming the first thing that does not fit
   */
  void check() {
    arguments();
    items();
    if (!kernel.group().isEmpty()) {
      group();
    }
    localMemory();
  }

  private void arguments() {
    List<Argument> arguments = kernel.arguments();
    if (arguments.size() != facts.count()) {
      throw wrong(
          "takes " + facts.count() + " arguments, given " + arguments.size(),
          facts.parameters().isEmpty()
              ? "give one for each parameter, in order"
              : "it is declared with " + facts.parameters());
    }
    // A few drivers don't tell; they still refuse arguments of another size.
    for (int a = 0; a < facts.parameters().size(); a++) {
      check(a, facts.parameters().get(a), arguments.get(a));
    }
  }

  private void check(int at, Parameter parameter, Argument argument) {
    switch (argument) {
      case Argument.Input(DType dtype) -> {
        boolean constant = parameter.space() == Space.CONSTANT;
        if (parameter.space() != Space.GLOBAL && !constant) {
          throw misfit(at, parameter, "an array to read", "declare it global const");
        }
        if (!parameter.isConst() && !constant) {
          throw misfit(
              at,
              parameter,
              "an array to read",
              "declare it global const, so that the compiler keeps the kernel from writing to it;"
                  + " to change a copy of the array pass it as an update");
        }
        element(at, parameter, dtype);
      }
      case Argument.Result(DType dtype, var shape, boolean isUpdate) -> {
        if (parameter.space() != Space.GLOBAL || parameter.isConst()) {
          throw misfit(at, parameter, "a result to write", "declare it global, without const");
        }
        int width = element(at, parameter, dtype);
        if (shape.size() % width != 0) {
          throw misfit(
              at,
              parameter,
              shape.size() + " elements",
              "their number must be a multiple of " + width);
        }
      }
      case Argument.Scalar(DType dtype, long bits) -> {
        int bytes = SCALARS.getOrDefault(parameter.type(), 0);
        boolean isFloat = List.of("float", "double", "half").contains(parameter.type());
        if (parameter.space() != Space.PRIVATE
            || bytes != dtype.bytes()
            || isFloat != dtype.isFloat()) {
          throw misfit(
              at,
              parameter,
              "a number of " + dtype,
              "pass what the kernel declares: 2f for float, 2.0 for double, 2 for int or uint, 2L"
                  + " for long or ulong, (short) 2, (byte) 2");
        }
      }
      case Argument.Local(long bytes) -> {
        if (parameter.space() != Space.LOCAL) {
          throw misfit(at, parameter, "local memory", "declare it local, or pass an array");
        }
        Element element = Element.of(parameter.type());
        if (element.bytes() > 0 && bytes % element.bytes() != 0) {
          throw misfit(
              at, parameter, bytes + " bytes", "they must be a multiple of " + element.bytes());
        }
      }
    }
  }

  /**
   * What a pointer points to.
   *
   * @param bytes 0 where it is no number of OpenCL's
   */
  private record Element(String scalar, int width, int bytes) {
    static Element of(String type) {
      String name = type.endsWith("*") ? type.substring(0, type.length() - 1) : type;
      String scalar = name.replaceAll("(2|4|8|16)$", "");
      int width = scalar.equals(name) ? 1 : Integer.parseInt(name.substring(scalar.length()));
      return new Element(scalar, width, SCALARS.getOrDefault(scalar, 0) * width);
    }
  }

  /** Sees to it that a pointer's elements are a dtype's; returns how many a vector of it has. */
  private int element(int at, Parameter parameter, DType dtype) {
    String wanted = dtype.kind() == DType.Kind.COMPLEX ? "" : CType.memory(dtype);
    Element element = Element.of(parameter.type());
    if (!parameter.isPointer() || !element.scalar().equals(wanted)) {
      String cure =
          element.bytes() == 0
              ? "write out the type of what it points to, " + wanted + " or a vector of it"
              : "declare it " + wanted + " *, or convert the array with astype";
      throw misfit(at, parameter, "an array of " + dtype, cure);
    }
    return element.width();
  }

  private void items() {
    if (kernel.items().isEmpty() || kernel.items().size() > 3) {
      throw wrong(
          "is launched over " + kernel.items(), "give the work-items of one to three dimensions");
    }
    if (kernel.items().stream().anyMatch(items -> items < 0)) {
      throw wrong("is launched over " + kernel.items(), "no dimension can be negative");
    }
    try {
      long _ = kernel.items().stream().reduce(1L, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw new KilnException(
          "the kernel '"
              + kernel.name()
              + "' is launched over "
              + kernel.items()
              + ", more than 2^63 - 1 work-items; launch it in parts",
          e);
    }
    List<Long> fixed = facts.fixedGroup();
    if (fixed.getFirst() != 0 && kernel.group().isEmpty()) {
      throw wrong(
          "demands groups of " + fixed.subList(0, kernel.items().size()), "give that group");
    }
  }

  private void group() {
    List<Long> items = kernel.items();
    List<Long> group = kernel.group();
    if (group.size() != items.size()) {
      throw wrong("is launched over " + items + " in groups of " + group, "give as many of each");
    }
    long all = 1;
    for (int d = 0; d < group.size(); d++) {
      long extent = group.get(d);
      if (extent <= 0 || items.get(d) % extent != 0) {
        throw wrong(
            "is launched over " + items + " in groups of " + group,
            "a group divides the work-items in each dimension: round these up, and let the kernel"
                + " leave out what is too much");
      }
      long demanded = facts.fixedGroup().get(d);
      if (demanded != 0 && demanded != extent) {
        throw wrong(
            "demands groups of " + facts.fixedGroup().subList(0, group.size()) + ", given " + group,
            "give those");
      }
      // All extents before are at most largestGroup, so this does not overflow.
      all *= Math.min(extent, facts.largestGroup() + 1);
      if (all > facts.largestGroup()) {
        throw wrong(
            "is launched in groups of " + group,
            "the device " + device.name() + " takes groups of at most " + facts.largestGroup());
      }
    }
  }

  private void localMemory() {
    long bytes = facts.localBytes();
    for (Argument argument : kernel.arguments()) {
      if (argument instanceof Argument.Local(long more)) {
        if (more <= 0) {
          throw wrong("is given " + more + " bytes of local memory", "give at least one");
        }
        bytes = more > device.localMemory() ? Long.MAX_VALUE : bytes + more;
        if (bytes > device.localMemory()) {
          throw wrong(
              "asks for more local memory than there is",
              "the device "
                  + device.name()
                  + " has "
                  + device.localMemory()
                  + " bytes for a group");
        }
      }
    }
  }

  private KilnException misfit(int at, Parameter parameter, String given, String cure) {
    return wrong("has as parameter " + (at + 1) + " '" + parameter + "', given " + given, cure);
  }

  private KilnException wrong(String what, String cure) {
    return new KilnException("the kernel '" + kernel.name() + "' " + what + "; " + cure);
  }
}
