package dev.kiln.cli.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** One JSON object on one line, field by field. */
public final class Json {
  private final List<String> fields = new ArrayList<>();

  /** An object without fields. */
  public Json() {}

  /** Adds a text. */
  public Json with(String name, String value) {
    return field(name, quoted(value));
  }

  /** Adds a whole number. */
  public Json with(String name, long value) {
    return field(name, Long.toString(value));
  }

  /** Adds a truth value. */
  public Json with(String name, boolean value) {
    return field(name, Boolean.toString(value));
  }

  /** Adds a finite number, to six digits. */
  public Json with(String name, double value) {
    return field(name, new BigDecimal(value).round(new MathContext(6)).toString());
  }

  private Json field(String name, String value) {
    fields.add(quoted(name) + ": " + value);
    return this;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || c == '"' || c == '\\') {
                quoted.append(String.format("\\u%04x", c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return "{" + String.join(", ", fields) + "}";
  }
}
