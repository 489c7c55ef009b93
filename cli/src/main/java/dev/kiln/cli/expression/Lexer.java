package dev.kiln.cli.expression;

import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into tokens. Used once. */
final class Lexer {
  /** Longer ones first. */
  private static final List<String> SYMBOLS =
      List.of(
          "...", "**", "//", "<<", ">>", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "@", "~",
          "&", "|", "^", "<", ">", "(", ")", "[", "]", ",", ":", ".", "=");

  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /** The tokens of an expression, the last of kind END. */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.next();
      tokens.add(token);
    } while (token.kind() != Token.Kind.END);
    return tokens;
  }

  private Token next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    int start = at;
    if (at == text.length()) {
      return new Token(Token.Kind.END, "", start + 1);
    }
    char c = text.charAt(at);
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      number();
      return new Token(Token.Kind.NUMBER, text.substring(start, at), start + 1);
    }
    if (isNameStart(c)) {
      while (isNamePart(peek(0))) {
        at++;
      }
      return new Token(Token.Kind.NAME, text.substring(start, at), start + 1);
    }
    if (c == '\'' || c == '"') {
      return string(c);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Token.Kind.SYMBOL, symbol, start + 1);
      }
    }
    String hint =
        c == '!'
            ? "not equal is !=; not is ~ or logical_not(x)"
            : "see kiln eval --help for what an expression may contain";
    String shown =
        Character.isISOControl(c)
            ? "control character " + (int) c
            : "'" + text.substring(at, text.offsetByCodePoints(at, 1)) + "'";
    throw ExpressionException.syntax(start + 1, "unexpected " + shown, hint);
  }

  /** Moves behind a number; its value is the parser's matter. */
  private void number() {
    int start = at;
    if (peek(0) == '0' && "xXbBoO".indexOf(peek(1)) >= 0) {
      at += 2;
      while (isNamePart(peek(0))) {
        at++;
      }
      return;
    }
    digits();
    if (peek(0) == '.') {
      at++;
      digits();
    }
    int exponent = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    if ((peek(0) == 'e' || peek(0) == 'E') && isDigit(peek(exponent))) {
      at += exponent;
      digits();
    }
    if (peek(0) == 'j' || peek(0) == 'J') {
      throw ExpressionException.syntax(
          start + 1,
          "complex numbers are not supported yet",
          "compute with the real and the imaginary part");
    }
    if (isNamePart(peek(0))) {
      String number = text.substring(start, at);
      throw ExpressionException.syntax(
          at + 1,
          "a name follows the number " + number,
          "to multiply, write " + number + " * and then the name");
    }
  }

  private void digits() {
    while (isDigit(peek(0)) || (peek(0) == '_' && isDigit(peek(1)))) {
      at++;
    }
  }

  private Token string(char quote) {
    int start = at;
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw ExpressionException.syntax(start + 1, "a string without end", "close it with " + quote);
    }
    at = end + 1;
    return new Token(Token.Kind.STRING, text.substring(start + 1, end), start + 1);
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return c == '_' || Character.isLetter(c);
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c);
  }

  /** Whether a text can be the name of an input. */
  static boolean isName(String text) {
    return !text.isEmpty()
        && isNameStart(text.charAt(0))
        && text.chars().allMatch(c -> isNamePart((char) c));
  }
}
