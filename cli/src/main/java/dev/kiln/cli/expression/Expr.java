package dev.kiln.cli.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an expression means, as a tree; every part knows the column that an error points at. */
public sealed interface Expr {
  /** Where the part is in the text, from 1: of an operation its operator or name. */
  int column();

  /**
   * The part that is evaluated first and of which there may be very long chains, as in {@code a + b
   * + c}; null of none.
   */
  default @Nullable Expr first() {
    return null;
  }

  /** A number, string, {@code True}, {@code False}, {@code None} or {@code ...}. */
  record Literal(int column, Value value) implements Expr {}

  /** An input or a constant. */
  record Name(int column, String name) implements Expr {}

  /** {@code -x}, {@code +x} or {@code ~x}. */
  record Unary(int column, char symbol, Expr operand) implements Expr {
    @Override
    public Expr first() {
      return operand;
    }
  }

  /** Two operands and an operator between them. */
  record Binary(int column, Operator operator, Expr left, Expr right) implements Expr {
    @Override
    public Expr first() {
      return left;
    }
  }

  /** {@code f(x, axis=0)}. */
  record Call(int column, String function, List<Argument> arguments) implements Expr {}

  /** {@code x.f(axis=0)}. */
  record Method(int column, Expr target, String function, List<Argument> arguments)
      implements Expr {
    @Override
    public Expr first() {
      return target;
    }
  }

  /** {@code x.T}. */
  record Attribute(int column, Expr target, String name) implements Expr {
    @Override
    public Expr first() {
      return target;
    }
  }

  /** {@code x[1, ::2]}. */
  record Index(int column, Expr target, List<Expr> items) implements Expr {
    @Override
    public Expr first() {
      return target;
    }
  }

  /** {@code start:stop:step}, within an index only. */
  record Range(int column, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
      implements Expr {}

  /** A tuple or a list. */
  record Sequence(int column, List<Expr> items) implements Expr {}

  /**
   * An argument of a call.
   *
   * @param column where it begins
   * @param keyword its name, null of a positional one
   * @param value what is passed
   */
  record Argument(int column, @Nullable String keyword, Expr value) {}
}
