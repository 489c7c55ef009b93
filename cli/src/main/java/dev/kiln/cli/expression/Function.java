package dev.kiln.cli.expression;

import dev.kiln.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function of the language.
 *
 * @param name as written
 * @param required its parameters in order
 * @param optional those after them that need not be given
 * @param body what it does
 */
record Function(String name, List<String> required, List<String> optional, Body body) {
  /** What a function does with its arguments. */
  @FunctionalInterface
  interface Body {
    Value apply(Arguments arguments);
  }

  /** An argument as written: with its keyword or without. */
  record Passed(int column, @Nullable String keyword, Value value) {}

  /** Calls the function. */
  Value call(Engine engine, int column, List<Passed> passed) {
    return body.apply(new Arguments(engine, name, column, bind(column, passed)));
  }

  private Map<String, Arguments.Given> bind(int column, List<Passed> passed) {
    List<String> parameters = new ArrayList<>(required);
    parameters.addAll(optional);
    Map<String, Arguments.Given> bound = new LinkedHashMap<>();
    int position = 0;
    for (Passed argument : passed) {
      String parameter = argument.keyword();
      if (parameter == null) {
        if (position == parameters.size()) {
          throw ExpressionException.syntax(
              argument.column(),
              name + "() takes at most " + count(parameters.size()),
              "it is " + signature());
        }
        parameter = parameters.get(position++);
      } else if (!parameters.contains(parameter)) {
        throw ExpressionException.syntax(
            argument.column(),
            name + "() has no parameter '" + parameter + "'",
            "it is " + signature());
      }
      if (bound.put(parameter, new Arguments.Given(argument.column(), argument.value())) != null) {
        throw ExpressionException.syntax(
            argument.column(),
            name + "() was given '" + parameter + "' twice",
            "it is " + signature());
      }
    }
    for (String parameter : required) {
      if (!bound.containsKey(parameter)) {
        throw ExpressionException.syntax(
            column, name + "() was not given '" + parameter + "'", "it is " + signature());
      }
    }
    return bound;
  }

  private static String count(int arguments) {
    return arguments + (arguments == 1 ? " argument" : " arguments");
  }

  /** For messages: {@code sum(x, axis=, keepdims=)}. */
  String signature() {
    List<String> parts = new ArrayList<>(required);
    optional.forEach(parameter -> parts.add(parameter + "="));
    return name + "(" + String.join(", ", parts) + ")";
  }
}
