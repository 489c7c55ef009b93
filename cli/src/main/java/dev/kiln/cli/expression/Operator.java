package dev.kiln.cli.expression;

import java.util.Optional;
import java.util.stream.Stream;

/** The binary operators, each with its precedence in Python and the function that it calls. */
enum Operator {
  EQUAL("==", 1, "equal"),
  NOT_EQUAL("!=", 1, "not_equal"),
  LESS("<", 1, "less"),
  LESS_EQUAL("<=", 1, "less_equal"),
  GREATER(">", 1, "greater"),
  GREATER_EQUAL(">=", 1, "greater_equal"),
  OR("|", 2, "bitwise_or"),
  XOR("^", 3, "bitwise_xor"),
  AND("&", 4, "bitwise_and"),
  LEFT_SHIFT("<<", 5, "bitwise_left_shift"),
  RIGHT_SHIFT(">>", 5, "bitwise_right_shift"),
  ADD("+", 6, "add"),
  SUBTRACT("-", 6, "subtract"),
  MULTIPLY("*", 7, "multiply"),
  DIVIDE("/", 7, "divide"),
  FLOOR_DIVIDE("//", 7, "floor_divide"),
  REMAINDER("%", 7, "remainder"),
  MATMUL("@", 7, "matmul"),
  POW("**", 9, "pow");

  /** Between multiplication and power: {@code -x ** 2} is {@code -(x ** 2)}. */
  static final int UNARY_PRECEDENCE = 8;

  private final String symbol;
  private final int precedence;
  private final String function;

  Operator(String symbol, int precedence, String function) {
    this.symbol = symbol;
    this.precedence = precedence;
    this.function = function;
  }

  String symbol() {
    return symbol;
  }

  int precedence() {
    return precedence;
  }

  String function() {
    return function;
  }

  boolean isComparison() {
    return precedence == 1;
  }

  static Optional<Operator> of(Token token) {
    return Stream.of(values()).filter(operator -> token.is(operator.symbol)).findFirst();
  }

  static Optional<Operator> ofFunction(String name) {
    return Stream.of(values()).filter(operator -> operator.function.equals(name)).findFirst();
  }
}
