package dev.kiln.memo;

import dev.kiln.io.Value;
import java.util.List;
import java.util.stream.Collectors;

/** Calls for people: {@code simulate(float64(1000,), 3, "fast")}. */
final class Labels {
  private static final int LONGEST = 200;

  private Labels() {}

  static String of(String name, List<Value> arguments) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    String text =
        simple + arguments.stream().map(Labels::of).collect(Collectors.joining(", ", "(", ")"));
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  private static String of(Value value) {
    return switch (value) {
      case Value.Nothing() -> "null";
      case Value.Scalar scalar -> scalar(scalar);
      case Value.Text(String text) ->
          '"' + (text.length() <= 30 ? text : text.substring(0, 30) + "…") + '"';
      case Value.Constant constant -> constant.name();
      case Value.Sequence list -> "list of " + list.elements().size();
      case Value.Bag set -> "set of " + set.elements().size();
      case Value.Table map -> "map of " + map.pairs().size();
      case Value.Maybe maybe -> maybe.value().map(Labels::of).orElse("empty");
      case Value.Structure structure ->
          structure.type().substring(structure.type().lastIndexOf('.') + 1);
      case Value.Array array -> array.dtype().toString() + array.shape();
    };
  }

  private static String scalar(Value.Scalar scalar) {
    return switch (scalar.kind()) {
      case BOOL -> Boolean.toString(scalar.bits() != 0);
      case INT8, INT16, INT32, INT64 -> Long.toString(scalar.bits());
      case FLOAT32 -> Float.toString(Float.intBitsToFloat((int) scalar.bits()));
      case FLOAT64 -> Double.toString(Double.longBitsToDouble(scalar.bits()));
      case CHAR -> "'" + (char) scalar.bits() + "'";
    };
  }
}
