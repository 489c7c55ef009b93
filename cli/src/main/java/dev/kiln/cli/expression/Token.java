package dev.kiln.cli.expression;

/**
 * A word of an expression.
 *
 * @param kind what it is
 * @param text as written; of a string what is between the quotes
 * @param column where it begins, from 1
 */
record Token(Kind kind, String text, int column) {
  enum Kind {
    NUMBER,
    NAME,
    STRING,
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** For messages. */
  String describe() {
    return switch (kind) {
      case END -> "the end";
      case STRING -> "the string '" + text + "'";
      case NUMBER, NAME, SYMBOL -> "'" + text + "'";
    };
  }
}
