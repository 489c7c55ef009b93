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
 * An element-wise function that is an expression in OpenCL C, for what Kiln's own operations don't
 * have. What they do have is better left to them: it fuses with what is around it, has the same
 * bits everywhere, and runs on every backend.
 *
 * {@snippet file="dev/kiln/opencl/own/OpenClTour.java" region="map"}
 */
public final class OpenClMap {
  /** Work-items come in such numbers, so that drivers find groups for them. */
  private static final long ROUND = 256;

  private final DType result;
  private final List<Parameter> parameters;
  private final OpenClKernel kernel;

  private OpenClMap(DType result, List<Parameter> parameters, OpenClKernel kernel) {
    this.result = result;
    this.parameters = parameters;
    this.kernel = kernel;
  }

  /**
   * A function.
   *
   * @param result the dtype of its results
   * @param parameters with commas between: {@code float *x} is an array, whose element the
   *     expression calls {@code x}, {@code float a} a number
   * @param expression the result's element
   * @throws KilnException where the parameters cannot be read
   */
  public static OpenClMap of(DType result, String parameters, String expression) {
    List<Parameter> list = Parameter.list(parameters);
    List<String> lines = new ArrayList<>();
    lines.add(
        "kernel void map("
            + list.stream().map(Parameter::declaration).collect(Collectors.joining(", "))
            + ", const long n_, global "
            + CType.memory(result)
            + " *result_) {");
    lines.add("  const size_t i = get_global_id(0);");
    lines.add("  if (i < n_) {");
    list.stream().filter(Parameter::isArray).forEach(array -> lines.add("    " + array.load()));
    lines.add("    result_[i] = (" + expression + ");");
    lines.add("  }");
    lines.add("}");
    return new OpenClMap(result, list, OpenClKernel.of(String.join("\n", lines) + "\n", "map"));
  }

  /** The kernel that is launched. */
  public OpenClKernel kernel() {
    return kernel;
  }

  /**
   * The results, delayed, in the shape that the arrays broadcast to.
   *
   * @param arguments an {@link NDArray} or a Java number for each parameter
   * @throws KilnException where they are more or fewer or of other types, shapes don't fit, and as
   *     {@link OpenClLaunch#callAll(dev.kiln.Engine)} does
   */
  public NDArray call(Object... arguments) {
    Parameter.check(parameters, arguments);
    Shape shape = Shape.of();
    for (NDArray array : Parameter.arrays(arguments)) {
      shape = Shape.broadcast(shape, array.shape());
    }
    OpenClLaunch launch = kernel.over((shape.size() + ROUND - 1) / ROUND * ROUND);
    for (int p = 0; p < arguments.length; p++) {
      Object argument =
          arguments[p] instanceof NDArray array ? array.broadcastTo(shape) : arguments[p];
      launch = parameters.get(p).pass(launch, argument);
    }
    return launch.value(shape.size()).out(result, shape).call();
  }
}
