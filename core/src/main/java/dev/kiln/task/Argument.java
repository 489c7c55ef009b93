package dev.kiln.task;

import dev.kiln.KilnException;
import dev.kiln.NDArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a delayed call in which something is still to be computed. An argument without
 * such stands for itself. What is to be computed is listed once, and evaluated in that order.
 */
sealed interface Argument {
  /** Deeper is a fault, or a list that contains itself. */
  int DEEPEST = 200;

  /** What the argument comes to. */
  @Nullable Object evaluate(Iterator<@Nullable Object> inputs);

  /**
   * The argument as it is kept: an {@code Argument}, or the value itself.
   *
   * @throws KilnException where lists and maps are nested without an end, or too deep
   */
  static @Nullable Object parse(@Nullable Object given, List<Object> inputs) {
    return parse(given, inputs, 0);
  }

  private static @Nullable Object parse(@Nullable Object given, List<Object> inputs, int depth) {
    if (depth > DEEPEST) {
      throw new KilnException(
          "an argument of a delayed call more than "
              + DEEPEST
              + " levels deep; does a list or map contain itself? Give its parts one by one, or all"
              + " of it as Delayed.value(it), which is not looked into");
    }
    return switch (given) {
      case Delayed<?> delayed -> input(delayed, inputs);
      case NDArray array when !array.isRealised() -> input(array, inputs);
      case List<?> list -> parse(list, inputs, depth);
      case Map<?, ?> map -> parse(map, inputs, depth);
      case null, default -> given;
    };
  }

  private static Argument input(Object given, List<Object> inputs) {
    inputs.add(given);
    return Input.INPUT;
  }

  /** A list that holds nothing to be computed is not copied. */
  private static Object parse(List<?> list, List<Object> inputs, int depth) {
    int before = inputs.size();
    List<@Nullable Object> parts = new ArrayList<>(list.size());
    for (Object element : list) {
      parts.add(parse(element, inputs, depth + 1));
    }
    return inputs.size() == before ? list : new ListOf(parts);
  }

  private static Object parse(Map<?, ?> map, List<Object> inputs, int depth) {
    int before = inputs.size();
    Map<@Nullable Object, @Nullable Object> parts = new LinkedHashMap<>();
    map.forEach((key, value) -> parts.put(key, parse(value, inputs, depth + 1)));
    return inputs.size() == before ? map : new MapOf(parts);
  }

  /** The value of one that was parsed. */
  static @Nullable Object evaluate(@Nullable Object parsed, Iterator<@Nullable Object> inputs) {
    return parsed instanceof Argument argument ? argument.evaluate(inputs) : parsed;
  }

  /** The next input. */
  enum Input implements Argument {
    /** All of them: which one is told by the order. */
    INPUT;

    @Override
    public @Nullable Object evaluate(Iterator<@Nullable Object> inputs) {
      return inputs.next();
    }
  }

  /** A list with some among its elements. */
  record ListOf(List<@Nullable Object> parts) implements Argument {
    @Override
    public @Nullable Object evaluate(Iterator<@Nullable Object> inputs) {
      List<@Nullable Object> values = new ArrayList<>(parts.size());
      for (Object part : parts) {
        values.add(Argument.evaluate(part, inputs));
      }
      return Collections.unmodifiableList(values);
    }
  }

  /** A map with some among its values, in the order of the one given. */
  record MapOf(Map<@Nullable Object, @Nullable Object> parts) implements Argument {
    @Override
    public @Nullable Object evaluate(Iterator<@Nullable Object> inputs) {
      Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
      parts.forEach((key, part) -> values.put(key, Argument.evaluate(part, inputs)));
      return Collections.unmodifiableMap(values);
    }
  }
}
