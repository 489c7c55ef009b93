package dev.kiln.opencl.own;

import dev.kiln.KilnException;
import dev.kiln.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parameter of an expression: {@code float *x}, whose elements it sees one by one, or {@code
 * float a}, a number.
 */
record Parameter(String type, boolean isArray, String name) {
  private static final Pattern FORM =
      Pattern.compile("\\s*(\\w+)(\\s*\\*\\s*|\\s+)([A-Za-z]\\w*)\\s*");

  /**
   * Parameters with commas between.
   *
   * @throws KilnException where they cannot be read, or there is no array among them
   */
  static List<Parameter> list(String text) {
    List<Parameter> parameters = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = FORM.matcher(part);
      if (!matcher.matches()) {
        throw new KilnException(
            "'"
                + part.strip()
                + "' in the parameters '"
                + text
                + "' is none; write a type and a name, such as 'float *x' for an array's element"
                + " and 'float a' for a number");
      }
      parameters.add(new Parameter(matcher.group(1), part.contains("*"), matcher.group(3)));
    }
    if (parameters.stream().noneMatch(Parameter::isArray)) {
      throw new KilnException("the parameters '" + text + "' have no array, such as 'float *x'");
    }
    return List.copyOf(parameters);
  }

  /** As the kernel declares it; an array's name then has an underscore at its end. */
  String declaration() {
    return isArray ? "global const " + type + " *" + name + "_" : type + " " + name;
  }

  /** What reads an array's element for the expression; empty for a number. */
  String load() {
    return isArray ? "const " + type + " " + name + " = " + name + "_[i];" : "";
  }

  /**
   * Checks that there is an argument for each, and that arrays stand for arrays.
   *
   * @throws KilnException where there is not
   */
  static void check(List<Parameter> parameters, Object... arguments) {
    if (parameters.size() != arguments.length) {
      throw new KilnException(
          "given "
              + arguments.length
              + " arguments for "
              + parameters.stream().map(Parameter::toString).toList()
              + "; give one for each");
    }
    for (int p = 0; p < arguments.length; p++) {
      if (parameters.get(p).isArray() != arguments[p] instanceof NDArray) {
        throw new KilnException(
            "given "
                + arguments[p]
                + " for '"
                + parameters.get(p)
                + "'; give "
                + (parameters.get(p).isArray() ? "an array" : "a number"));
      }
    }
  }

  /** The arrays among arguments. */
  static List<NDArray> arrays(Object... arguments) {
    return Arrays.stream(arguments)
        .filter(NDArray.class::isInstance)
        .map(NDArray.class::cast)
        .toList();
  }

  /** A launch with one more argument. */
  OpenClLaunch pass(OpenClLaunch launch, Object argument) {
    return switch (argument) {
      case NDArray array -> launch.in(array);
      case Byte number -> launch.value(number);
      case Short number -> launch.value(number);
      case Integer number -> launch.value(number);
      case Long number -> launch.value(number);
      case Float number -> launch.value(number);
      case Double number -> launch.value(number);
      default ->
          throw new KilnException(
              "given "
                  + argument
                  + " for '"
                  + this
                  + "'; give a Byte, Short, Integer, Long, Float or Double");
    };
  }

  @Override
  public String toString() {
    return type + (isArray ? " *" : " ") + name;
  }
}
