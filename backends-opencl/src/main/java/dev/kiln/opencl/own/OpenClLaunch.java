package dev.kiln.opencl.own;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.ForeignKernel.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A launch of a kernel in the making: one argument for each parameter, in the kernel's order. It is
 * a value; each method gives another one.
 *
 * {@snippet file="dev/kiln/opencl/own/OpenClTour.java" region="launch"}
 */
public final class OpenClLaunch {
  private final OpenClKernel kernel;
  private final List<Long> items;
  private final List<Long> group;
  private final List<Argument> arguments;
  private final List<NDArray> inputs;

  private OpenClLaunch(
      OpenClKernel kernel,
      List<Long> items,
      List<Long> group,
      List<Argument> arguments,
      List<NDArray> inputs) {
    this.kernel = kernel;
    this.items = items;
    this.group = group;
    this.arguments = List.copyOf(arguments);
    this.inputs = List.copyOf(inputs);
  }

  static OpenClLaunch of(OpenClKernel kernel, long[] items) {
    return new OpenClLaunch(kernel, list(items), List.of(), List.of(), List.of());
  }

  private static List<Long> list(long[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /** The work-items of a group in each dimension; without it the driver chooses. */
  public OpenClLaunch group(long... extents) {
    return new OpenClLaunch(kernel, items, list(extents), arguments, inputs);
  }

  /**
   * An array that is read: {@code global const} or {@code constant}. The kernel sees its elements
   * dense and row-major, whatever view it is; without elements it sees a null pointer.
   */
  public OpenClLaunch in(NDArray array) {
    return with(new Argument.Input(array.dtype()), array);
  }

  /**
   * A result, which the kernel must write whole: {@code global}. Its memory holds anything before.
   */
  public OpenClLaunch out(DType dtype, Shape shape) {
    return with(new Argument.Result(dtype, shape, false));
  }

  /**
   * A result that begins as a copy of an array, such as {@code Kiln.zeros(shape)}: {@code global}.
   * The array itself stays as it is.
   */
  public OpenClLaunch update(NDArray array) {
    return with(new Argument.Result(array.dtype(), array.shape(), true), array);
  }

  /** Local memory, which the work-items of a group share. */
  public OpenClLaunch local(long bytes) {
    return with(new Argument.Local(bytes));
  }

  /** A {@code char} or {@code uchar}. */
  public OpenClLaunch value(byte value) {
    return with(new Argument.Scalar(DType.INT8, value));
  }

  /** A {@code short} or {@code ushort}. */
  public OpenClLaunch value(short value) {
    return with(new Argument.Scalar(DType.INT16, value));
  }

  /** An {@code int} or {@code uint}. */
  public OpenClLaunch value(int value) {
    return with(new Argument.Scalar(DType.INT32, value));
  }

  /** A {@code long} or {@code ulong}. */
  public OpenClLaunch value(long value) {
    return with(new Argument.Scalar(DType.INT64, value));
  }

  /** A {@code float}. */
  public OpenClLaunch value(float value) {
    long bits = Float.floatToRawIntBits(value) & 0xffff_ffffL;
    return with(new Argument.Scalar(DType.FLOAT32, bits));
  }

  /** A {@code double}. */
  public OpenClLaunch value(double value) {
    return with(new Argument.Scalar(DType.FLOAT64, Double.doubleToRawLongBits(value)));
  }

  private OpenClLaunch with(Argument argument, NDArray... array) {
    List<Argument> more = new ArrayList<>(arguments);
    more.add(argument);
    List<NDArray> arrays = new ArrayList<>(inputs);
    arrays.addAll(List.of(array));
    return new OpenClLaunch(kernel, items, group, more, arrays);
  }

  /**
   * The result, delayed.
   *
   * @throws KilnException where there is not exactly one, and as {@link #callAll(Engine)} does
   */
  public NDArray call() {
    List<NDArray> results = callAll();
    if (results.size() != 1) {
      throw new KilnException(
          "the kernel '"
              + kernel.name()
              + "' has "
              + results.size()
              + " results; ask for them with callAll()");
    }
    return results.getFirst();
  }

  /**
   * The results in the order of their arguments, delayed; one launch computes them all. The engine
   * is that of the arrays, or of {@link Kiln} where none is passed.
   *
   * @throws KilnException as {@link #callAll(Engine)} does
   */
  public List<NDArray> callAll() {
    return callAll(inputs.isEmpty() ? Kiln.engine() : inputs.getFirst().engine());
  }

  /**
   * The results in an engine of one's choice.
   *
   * @throws KilnException where the engine does not compute with OpenCL or arrays are another
   *     engine's; where the kernel does not compile (the message has the compiler's log); where
   *     arguments don't fit it, or sizes and groups are impossible
   */
  public List<NDArray> callAll(Engine engine) {
    return engine.call(
        new ForeignKernel(
            "opencl", kernel.source(), kernel.options(), kernel.name(), arguments, items, group),
        inputs);
  }
}
