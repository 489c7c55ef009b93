package dev.kiln.kernel;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel that a user wrote in the language of one backend, and all that a launch of it takes but
 * its arrays. What it computes nobody else knows: there is no definition to compare it with.
 *
 * @param backend whose language the source is: {@code opencl}
 * @param source the program's text
 * @param options for the backend's compiler; empty for none
 * @param name the kernel's in the program
 * @param arguments in the kernel's order
 * @param items work-items in each dimension
 * @param group work-items of a group in each dimension; empty where the backend may choose
 */
public record ForeignKernel(
    String backend,
    String source,
    String options,
    String name,
    List<Argument> arguments,
    List<Long> items,
    List<Long> group) {
  public ForeignKernel {
    arguments = List.copyOf(arguments);
    items = List.copyOf(items);
    group = List.copyOf(group);
  }

  /** What is passed for one of the kernel's parameters. */
  public sealed interface Argument {
    /** The next input, dense and row-major. */
    record Input(DType dtype) implements Argument {}

    /**
     * A result, dense and row-major.
     *
     * @param isUpdate whether it begins as a copy of the next input; otherwise its memory holds
     *     anything
     */
    record Result(DType dtype, Shape shape, boolean isUpdate) implements Argument {}

    /** A number in the form of {@link Bits}. */
    record Scalar(DType dtype, long bits) implements Argument {}

    /** Memory that the work-items of a group share. */
    record Local(long bytes) implements Argument {}
  }

  /** The results in order. */
  public List<Argument.Result> results() {
    List<Argument.Result> results = new ArrayList<>();
    for (Argument argument : arguments) {
      if (argument instanceof Argument.Result result) {
        results.add(result);
      }
    }
    return results;
  }

  /** The dtypes of the inputs in order, copied ones among them. */
  public List<DType> inputs() {
    List<DType> inputs = new ArrayList<>();
    for (Argument argument : arguments) {
      switch (argument) {
        case Argument.Input(DType dtype) -> inputs.add(dtype);
        case Argument.Result(DType dtype, Shape _, boolean isUpdate) -> {
          if (isUpdate) {
            inputs.add(dtype);
          }
        }
        case Argument.Scalar _, Argument.Local _ -> {
          // Not in memory.
        }
      }
    }
    return inputs;
  }

  /** The error of an engine that does not speak the kernel's language. */
  public KilnException elsewhere(String computing) {
    return new KilnException(
        "the kernel '"
            + name
            + "' is written for the backend '"
            + backend
            + "', and this computes on "
            + computing
            + "; use an engine on that backend: Engine.builder().backend(\""
            + backend
            + "\").build(), and array.on(engine) to bring arrays there");
  }
}
