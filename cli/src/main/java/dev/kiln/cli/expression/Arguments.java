package dev.kiln.cli.expression;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.cli.expression.Value.Array;
import dev.kiln.cli.expression.Value.Bool;
import dev.kiln.cli.expression.Value.Int;
import dev.kiln.cli.expression.Value.Plain;
import dev.kiln.cli.expression.Value.Text;
import dev.kiln.cli.expression.Value.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The arguments of one call by parameter, and each as what the function wants. {@code None} counts
 * as not given.
 */
final class Arguments {
  /** A value and where it was written. */
  record Given(int column, Value value) {}

  private final Engine engine;
  private final String function;
  private final int column;
  private final Map<String, Given> given;

  Arguments(Engine engine, String function, int column, Map<String, Given> given) {
    this.engine = engine;
    this.function = function;
    this.column = column;
    this.given = given;
  }

  Engine engine() {
    return engine;
  }

  /** The same arguments, with a value for a parameter that was not given at all. */
  Arguments orElse(String parameter, Value value) {
    if (given.containsKey(parameter)) {
      return this;
    }
    Map<String, Given> more = new LinkedHashMap<>(given);
    more.put(parameter, new Given(column, value));
    return new Arguments(engine, function, column, more);
  }

  /** Where the call is. */
  int column() {
    return column;
  }

  boolean has(String parameter) {
    Given value = given.get(parameter);
    return value != null && value.value() != Value.Singleton.NONE;
  }

  /** An array or a plain number. */
  Value operand(String parameter) {
    Value value = value(parameter);
    if (value instanceof Array || value instanceof Plain) {
      return value;
    }
    throw wrong(parameter, "an array or a number");
  }

  /** An array; a plain number is a 0-d one. */
  NDArray array(String parameter) {
    return alone(operand(parameter));
  }

  private NDArray alone(Value value) {
    return switch (value) {
      case Array(NDArray array) -> array;
      case Plain plain -> Scalars.alone(engine, plain);
      case Text _, Tuple _, Value.Singleton _ -> throw new AssertionError("no operand: " + value);
    };
  }

  /** Several arrays or numbers; numbers take the dtype of the first array. */
  List<NDArray> together(List<Value> operands) {
    for (Value operand : operands) {
      if (operand instanceof Array(NDArray array)) {
        return operands.stream()
            .map(
                value ->
                    value instanceof Plain plain
                        ? Scalars.beside(array, engine, plain)
                        : alone(value))
            .toList();
      }
    }
    return operands.stream().map(this::alone).toList();
  }

  /** A list of arrays. */
  NDArray[] arrays(String parameter) {
    if (!(value(parameter) instanceof Tuple(List<Value> items)) || items.isEmpty()) {
      throw wrong(parameter, "a list of arrays, such as [x, y]");
    }
    for (Value item : items) {
      if (!(item instanceof Array || item instanceof Plain)) {
        throw wrong(parameter, "a list of arrays, such as [x, y]");
      }
    }
    return together(items).toArray(NDArray[]::new);
  }

  /** The axes that a reduction goes over, from {@code axis} and {@code keepdims}. */
  Axes axes() {
    Axes axes = Axes.of(has("axis") ? ints("axis") : new int[0]);
    // Python's axis=() means no axis at all, Java's Axes.of() all of them.
    if (has("axis") && axes.axes().isEmpty()) {
      throw wrong("axis", "an axis or a tuple of at least one");
    }
    return flag("keepdims", false) ? axes.keepDims() : axes;
  }

  /** One whole number, or a tuple of them, of 32 bits. */
  int[] ints(String parameter) {
    long[] longs = longs(parameter);
    int[] ints = new int[longs.length];
    for (int i = 0; i < longs.length; i++) {
      ints[i] = (int) longs[i];
      if (ints[i] != longs[i]) {
        throw wrong(parameter, "whole numbers of at most 32 bits");
      }
    }
    return ints;
  }

  int integer(String parameter) {
    int[] ints = ints(parameter);
    if (ints.length != 1) {
      throw wrong(parameter, "one whole number");
    }
    return ints[0];
  }

  /** One whole number, or a tuple of them. */
  long[] longs(String parameter) {
    Value value = value(parameter);
    List<Value> items = value instanceof Tuple(List<Value> several) ? several : List.of(value);
    long[] longs = new long[items.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] =
          whole(items.get(i))
              .orElseThrow(() -> wrong(parameter, "whole numbers, such as 3 or (2, 3)"));
    }
    return longs;
  }

  private static OptionalLong whole(Value value) {
    return value instanceof Int(long x) ? OptionalLong.of(x) : OptionalLong.empty();
  }

  long whole(String parameter, long otherwise) {
    if (!has(parameter)) {
      return otherwise;
    }
    return whole(value(parameter)).orElseThrow(() -> wrong(parameter, "a whole number"));
  }

  boolean isWhole(String parameter) {
    return !has(parameter) || value(parameter) instanceof Int;
  }

  double real(String parameter, double otherwise) {
    return has(parameter) ? Numbers.real(plain(parameter)) : otherwise;
  }

  Plain plain(String parameter) {
    if (value(parameter) instanceof Plain plain) {
      return plain;
    }
    throw wrong(parameter, "a number");
  }

  boolean flag(String parameter, boolean otherwise) {
    if (!has(parameter)) {
      return otherwise;
    }
    if (value(parameter) instanceof Bool(boolean x)) {
      return x;
    }
    throw wrong(parameter, "True or False");
  }

  DType dtype(DType otherwise) {
    return has("dtype") ? dtype() : otherwise;
  }

  DType dtype() {
    if (!(value("dtype") instanceof Text(String name))) {
      throw wrong("dtype", "a dtype such as 'float32'");
    }
    try {
      return DType.of(name);
    } catch (KilnException e) {
      throw ExpressionException.value(place("dtype").column(), e);
    }
  }

  Shape shape(String parameter) {
    return Shape.of(longs(parameter));
  }

  Value value(String parameter) {
    return place(parameter).value();
  }

  private Given place(String parameter) {
    Given value = given.get(parameter);
    if (value == null) {
      throw new AssertionError(function + " reads a parameter that it has not: " + parameter);
    }
    return value;
  }

  ExpressionException wrong(String parameter, String expected) {
    Given value = place(parameter);
    return ExpressionException.syntax(
        value.column(),
        function + "() was given " + value.value().describe() + " as " + parameter,
        "expected " + expected);
  }
}
