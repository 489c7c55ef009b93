package dev.kiln.cli.expression;

import dev.kiln.KilnException;
import org.jspecify.annotations.Nullable;

/** A mistake in an expression, and where it is. */
public final class ExpressionException extends KilnException {
  private static final long serialVersionUID = 1L;

  /** The text before and after the place that an error shows. */
  private static final int SHOWN = 60;

  private final int column;
  private final boolean syntax;
  private final @Nullable String hint;

  private ExpressionException(int column, boolean syntax, String message, @Nullable String hint) {
    super(message);
    this.column = column;
    this.syntax = syntax;
    this.hint = hint;
  }

  /** The expression as such is wrong: its grammar, a name, the arguments of a function. */
  static ExpressionException syntax(int column, String message, String hint) {
    return new ExpressionException(column, true, message, hint);
  }

  /** What the expression is applied to does not fit: shapes, dtypes, numbers. */
  static ExpressionException value(int column, KilnException cause) {
    ExpressionException e =
        new ExpressionException(column, false, String.valueOf(cause.getMessage()), null);
    e.initCause(cause);
    return e;
  }

  /** What the expression computes is no number: a division by 0. */
  static ExpressionException value(int column, String message, String hint) {
    return new ExpressionException(column, false, message, hint);
  }

  /** The place in the expression, from 1. */
  public int column() {
    return column;
  }

  /** Whether the expression itself is wrong, rather than the data that it meets. */
  public boolean isSyntax() {
    return syntax;
  }

  /** The message, the expression with a caret under the place, and what to do. */
  public String show(String expression) {
    StringBuilder text = new StringBuilder(String.valueOf(getMessage()));
    text.append(" at column ").append(column).append('\n');
    int at = column - 1;
    int from = Math.max(0, at - SHOWN);
    int to = Math.min(expression.length(), at + SHOWN);
    text.append(from > 0 ? "  ..." : "  ");
    expression
        .substring(Math.min(from, to), to)
        .chars()
        .forEach(c -> text.append(c < ' ' || c == 0x7f ? ' ' : (char) c));
    text.append(to < expression.length() ? "..." : "").append('\n');
    text.repeat(' ', (from > 0 ? 5 : 2) + at - from).append('^');
    if (hint != null) {
      text.append('\n').append(hint);
    }
    return text.toString();
  }
}
