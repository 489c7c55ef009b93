package dev.kiln.cli.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses Python's expression grammar by operator precedence. Used once. */
public final class Parser {
  /**
   * So that no expression exhausts the stack, here or in the evaluator; chains of operators do not
   * nest.
   */
  private static final int DEEPEST = 200;

  private static final List<String> WORDS =
      List.of("and", "or", "not", "if", "else", "in", "is", "lambda", "for");

  private final List<Token> tokens;
  private int at;
  private int depth;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * The tree of an expression.
   *
   * @throws ExpressionException where it is no expression
   */
  public static Expr parse(String text) {
    Parser parser = new Parser(Lexer.tokens(text));
    if (parser.peek().kind() == Token.Kind.END) {
      throw ExpressionException.syntax(1, "the expression is empty", "write one, such as 'x + 1'");
    }
    Expr expression = parser.tuple("");
    parser.requireEnd();
    return expression;
  }

  /** Whether a text can be the name of an input. */
  public static boolean isName(String text) {
    return Lexer.isName(text)
        && !List.of("True", "False", "None").contains(text)
        && !WORDS.contains(text);
  }

  /**
   * One expression, or several with commas between, which are a tuple; {@code end} is what may
   * follow the last comma.
   */
  private Expr tuple(String end) {
    int column = peek().column();
    Expr first = expression(0);
    if (!peek().is(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (accept(",")) {
      Token token = peek();
      if (end.isEmpty() ? token.kind() == Token.Kind.END : token.is(end)) {
        break;
      }
      items.add(expression(0));
    }
    return new Expr.Sequence(column, List.copyOf(items));
  }

  /** An expression of operators that bind at least as strongly as {@code precedence}. */
  private Expr expression(int precedence) {
    if (++depth > DEEPEST) {
      throw ExpressionException.syntax(
          peek().column(),
          "the expression is nested more than " + DEEPEST + " deep",
          "compute a part of it first and save it with -o");
    }
    Expr left = postfix(prefix());
    boolean compared = false;
    while (true) {
      Token token = peek();
      rejectWord(token);
      Optional<Operator> found = Operator.of(token);
      if (found.isEmpty() || found.get().precedence() < precedence) {
        depth--;
        return left;
      }
      Operator operator = found.get();
      at++;
      if (operator.isComparison() && compared) {
        throw ExpressionException.syntax(
            token.column(), "comparisons cannot be chained", "write (a < b) & (b < c)");
      }
      compared |= operator.isComparison();
      // The right operand of ** may be a negation, which binds weaker: 2 ** -x.
      int right = operator == Operator.POW ? Operator.UNARY_PRECEDENCE : operator.precedence() + 1;
      left = new Expr.Binary(token.column(), operator, left, expression(right));
    }
  }

  private Expr prefix() {
    Token token = peek();
    return switch (token.kind()) {
      case NUMBER -> {
        at++;
        yield new Expr.Literal(token.column(), Numbers.parse(token));
      }
      case STRING -> {
        at++;
        yield new Expr.Literal(token.column(), new Value.Text(token.text()));
      }
      case NAME -> name(token);
      case SYMBOL -> symbol(token);
      case END ->
          throw ExpressionException.syntax(
              token.column(), "the expression ends too early", "an operand is missing here");
    };
  }

  private Expr symbol(Token token) {
    at++;
    return switch (token.text()) {
      case "-", "+", "~" ->
          new Expr.Unary(
              token.column(), token.text().charAt(0), expression(Operator.UNARY_PRECEDENCE));
      case "(" -> parenthesised(token);
      case "[" -> list(token);
      case "..." -> new Expr.Literal(token.column(), Value.Singleton.ELLIPSIS);
      default ->
          throw ExpressionException.syntax(
              token.column(),
              "unexpected " + token.describe(),
              "expected a number, a name, a function or '('");
    };
  }

  private Expr parenthesised(Token open) {
    if (accept(")")) {
      return new Expr.Sequence(open.column(), List.of());
    }
    Expr inner = tuple(")");
    require(")", open);
    return inner;
  }

  private Expr list(Token open) {
    List<Expr> items = new ArrayList<>();
    while (!peek().is("]")) {
      items.add(expression(0));
      if (!accept(",")) {
        break;
      }
    }
    require("]", open);
    return new Expr.Sequence(open.column(), List.copyOf(items));
  }

  private Expr name(Token token) {
    rejectWord(token);
    at++;
    if (peek().is("(")) {
      return new Expr.Call(token.column(), token.text(), arguments());
    }
    return switch (token.text()) {
      case "True" -> new Expr.Literal(token.column(), new Value.Bool(true));
      case "False" -> new Expr.Literal(token.column(), new Value.Bool(false));
      case "None", "newaxis" -> new Expr.Literal(token.column(), Value.Singleton.NONE);
      default -> new Expr.Name(token.column(), token.text());
    };
  }

  private Expr postfix(Expr start) {
    Expr target = start;
    while (true) {
      Token token = peek();
      if (accept(".")) {
        Token name = peek();
        if (name.kind() != Token.Kind.NAME) {
          throw ExpressionException.syntax(
              name.column(),
              "unexpected " + name.describe() + " after '.'",
              "expected a method such as .sum(axis=0), or .T");
        }
        at++;
        target =
            peek().is("(")
                ? new Expr.Method(name.column(), target, name.text(), arguments())
                : new Expr.Attribute(name.column(), target, name.text());
      } else if (accept("[")) {
        target = new Expr.Index(token.column(), target, index(token));
      } else if (token.is("(")) {
        throw ExpressionException.syntax(
            token.column(), "what stands before '(' is no function", "to multiply, write *");
      } else {
        return target;
      }
    }
  }

  private List<Expr.Argument> arguments() {
    Token open = peek();
    at++;
    List<Expr.Argument> arguments = new ArrayList<>();
    while (!peek().is(")")) {
      Token first = peek();
      String keyword = null;
      if (first.kind() == Token.Kind.NAME && tokens.get(at + 1).is("=")) {
        keyword = first.text();
        at += 2;
      } else if (!arguments.isEmpty() && arguments.getLast().keyword() != null) {
        throw ExpressionException.syntax(
            first.column(), "a positional argument after a named one", "put the named ones last");
      }
      arguments.add(new Expr.Argument(first.column(), keyword, expression(0)));
      if (!accept(",")) {
        break;
      }
    }
    require(")", open);
    return List.copyOf(arguments);
  }

  private List<Expr> index(Token open) {
    List<Expr> items = new ArrayList<>();
    while (!peek().is("]")) {
      items.add(indexItem());
      if (!accept(",")) {
        break;
      }
    }
    if (items.isEmpty()) {
      throw ExpressionException.syntax(open.column(), "an empty index", "write [:] for everything");
    }
    require("]", open);
    return List.copyOf(items);
  }

  private Expr indexItem() {
    int column = peek().column();
    Expr start = bound();
    if (!accept(":")) {
      if (start == null) {
        throw ExpressionException.syntax(
            column, "an empty place in an index", "write : for all of an axis");
      }
      return start;
    }
    Expr stop = bound();
    Expr step = accept(":") ? bound() : null;
    return new Expr.Range(column, start, stop, step);
  }

  private @Nullable Expr bound() {
    Token token = peek();
    return token.is(":") || token.is(",") || token.is("]") ? null : expression(0);
  }

  private static void rejectWord(Token token) {
    if (token.kind() == Token.Kind.NAME && WORDS.contains(token.text())) {
      String hint =
          switch (token.text()) {
            case "and" -> "for arrays write (a) & (b), or logical_and(a, b)";
            case "or" -> "for arrays write (a) | (b), or logical_or(a, b)";
            case "not" -> "for arrays write ~a, or logical_not(a)";
            default -> "for arrays write where(condition, a, b)";
          };
      throw ExpressionException.syntax(
          token.column(), "'" + token.text() + "' is not supported", hint);
    }
  }

  private void requireEnd() {
    Token token = peek();
    if (token.kind() == Token.Kind.END) {
      return;
    }
    String hint =
        switch (token.text()) {
          case "=" -> "a comparison is ==; inputs are given after the expression, as x=file.npy";
          case ")", "]" -> "it closes nothing; remove it or add what it should close";
          default -> "expected an operator or the end";
        };
    throw ExpressionException.syntax(token.column(), "unexpected " + token.describe(), hint);
  }

  private void require(String symbol, Token open) {
    if (!accept(symbol)) {
      Token token = peek();
      throw ExpressionException.syntax(
          token.column(),
          "unexpected " + token.describe(),
          "expected ',' or '"
              + symbol
              + "', which closes the '"
              + open.text()
              + "' at column "
              + open.column());
    }
  }

  private boolean accept(String symbol) {
    if (peek().is(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  private Token peek() {
    return tokens.get(at);
  }
}
