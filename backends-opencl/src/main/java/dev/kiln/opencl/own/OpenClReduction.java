package dev.kiln.opencl.own;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.opencl.source.CType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A reduction of all elements to one, by expressions in OpenCL C: what an element counts as, and
 * how two values become one. The way of combining must be associative; order is kept, so it need
 * not be commutative. How values are grouped depends on their number alone, so a device always
 * gives the same bits.
 *
 * {@snippet file="dev/kiln/opencl/own/OpenClTour.java" region="reduction"}
 */
public final class OpenClReduction {
  /** Elements that a work-item combines, one after another. */
  private static final long CHUNK = 256;

  private final DType result;
  private final List<Parameter> parameters;
  private final OpenClKernel first;
  private final OpenClKernel rest;

  private OpenClReduction(
      DType result, List<Parameter> parameters, OpenClKernel first, OpenClKernel rest) {
    this.result = result;
    this.parameters = parameters;
    this.first = first;
    this.rest = rest;
  }

  /**
   * A reduction.
   *
   * @param result the dtype of values, and of the result
   * @param parameters with commas between: {@code float *x} is an array, whose element the
   *     expression calls {@code x}, {@code float a} a number
   * @param map what an element counts as
   * @param combine what two values {@code a} and {@code b} become
   * @param neutral the value that changes nothing, and the result of no elements
   * @throws KilnException where the parameters cannot be read
   */
  public static OpenClReduction of(
      DType result, String parameters, String map, String combine, String neutral) {
    List<Parameter> list = Parameter.list(parameters);
    String type = CType.memory(result);
    return new OpenClReduction(
        result,
        list,
        kernel(type, list, map, combine, neutral),
        kernel(type, List.of(new Parameter(type, true, "value")), "value", combine, neutral));
  }

  private static OpenClKernel kernel(
      String type, List<Parameter> parameters, String map, String combine, String neutral) {
    List<String> lines = new ArrayList<>();
    lines.add(type + " combine_(const " + type + " a, const " + type + " b) {");
    lines.add("  return (" + combine + ");");
    lines.add("}");
    lines.add("");
    lines.add(
        "kernel void reduce("
            + parameters.stream().map(Parameter::declaration).collect(Collectors.joining(", "))
            + ", const long n_, global "
            + type
            + " *result_) {");
    lines.add("  const long from_ = (long) get_global_id(0) * " + CHUNK + ";");
    lines.add("  const long to_ = min(n_, from_ + " + CHUNK + ");");
    lines.add("  " + type + " sum_ = (" + neutral + ");");
    lines.add("  for (long i = from_; i < to_; i++) {");
    parameters.stream()
        .filter(Parameter::isArray)
        .forEach(array -> lines.add("    " + array.load()));
    lines.add("    sum_ = combine_(sum_, (" + map + "));");
    lines.add("  }");
    lines.add("  result_[get_global_id(0)] = sum_;");
    lines.add("}");
    return OpenClKernel.of(String.join("\n", lines) + "\n", "reduce");
  }

  /** The kernel that takes the elements; another one, with the same grouping, takes its results. */
  public OpenClKernel kernel() {
    return first;
  }

  /**
   * The result, delayed, a 0-d array.
   *
   * @param arguments an {@link NDArray} or a Java number for each parameter; the arrays have one
   *     shape
   * @throws KilnException where they are more or fewer, of other types or of different shapes, and
   *     as {@link OpenClLaunch#callAll(dev.kiln.Engine)} does
   */
  public NDArray call(Object... arguments) {
    Parameter.check(parameters, arguments);
    List<NDArray> arrays = Parameter.arrays(arguments);
    Shape shape = arrays.getFirst().shape();
    for (NDArray array : arrays) {
      if (!array.shape().equals(shape)) {
        throw new KilnException(
            "a reduction of arrays of shapes "
                + shape
                + " and "
                + array.shape()
                + "; bring them to one with broadcastTo");
      }
    }
    long groups = groups(shape.size());
    OpenClLaunch launch = first.over(groups);
    for (int p = 0; p < arguments.length; p++) {
      launch = parameters.get(p).pass(launch, arguments[p]);
    }
    NDArray values = launch.value(shape.size()).out(result, Shape.of(groups)).call();
    while (values.size() > 1) {
      long fewer = groups(values.size());
      values = rest.over(fewer).in(values).value(values.size()).out(result, Shape.of(fewer)).call();
    }
    return values.reshape();
  }

  private static long groups(long elements) {
    return Math.max(1, (elements + CHUNK - 1) / CHUNK);
  }
}
