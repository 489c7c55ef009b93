package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses the text of a {@code .npy} header: a Python dict literal with exactly the keys {@code
 * descr}, {@code fortran_order} and {@code shape}. Used once.
 */
final class NpyDict {
  private final String name;
  private final String text;
  private int at;

  private @Nullable String descr;
  private @Nullable Boolean fortranOrder;
  private @Nullable Shape shape;

  NpyDict(String name, String text) {
    this.name = name;
    this.text = text;
  }

  NpyHeader parse(long dataOffset) {
    expect('{');
    while (peek() != '}') {
      String key = string();
      expect(':');
      switch (key) {
        case "descr" -> {
          once(key, descr);
          descr = descr();
        }
        case "fortran_order" -> {
          once(key, fortranOrder);
          fortranOrder = bool();
        }
        case "shape" -> {
          once(key, shape);
          shape = shape();
        }
        default -> throw damaged("the key '" + key + "'", "'descr', 'fortran_order' or 'shape'");
      }
      if (peek() != '}') {
        expect(',');
      }
    }
    expect('}');
    if (peek() != 0) {
      throw damaged("text after the closing }", "the end of the header");
    }
    if (descr == null || fortranOrder == null || shape == null) {
      String missing = descr == null ? "descr" : fortranOrder == null ? "fortran_order" : "shape";
      throw damaged("no key '" + missing + "'", "one");
    }
    DType dtype = dtype(descr);
    return new NpyHeader(dtype, order(descr), fortranOrder, shape, dataOffset);
  }

  private void once(String key, @Nullable Object value) {
    if (value != null) {
      throw damaged("the key '" + key + "' twice", "it once");
    }
  }

  private String descr() {
    char next = peek();
    if (next == '[' || next == '(') {
      throw new KilnException(
          name
              + " holds a structured array, which is not supported; save each field as an array of"
              + " its own");
    }
    return string();
  }

  /**
   * The dtype of a descr such as {@code <f4}; the first character is the byte order and may be
   * absent.
   */
  private DType dtype(String descr) {
    String code = hasOrder(descr) ? descr.substring(1) : descr;
    return switch (code) {
      case "b1", "?" -> DType.BOOL;
      case "i1" -> DType.INT8;
      case "i2" -> DType.INT16;
      case "i4" -> DType.INT32;
      case "i8" -> DType.INT64;
      case "u1" -> DType.UINT8;
      case "u2" -> DType.UINT16;
      case "u4" -> DType.UINT32;
      case "u8" -> DType.UINT64;
      case "f4" -> DType.FLOAT32;
      case "f8" -> DType.FLOAT64;
      default -> throw unsupported(descr, code);
    };
  }

  private KilnException unsupported(String descr, String code) {
    String cure =
        switch (code.isEmpty() ? ' ' : code.charAt(0)) {
          case 'O' -> "Python objects, which are never loaded; save it as numbers";
          case 'f' ->
              "floating-point numbers of this width, which are not supported yet; save it as"
                  + " float32 or float64";
          case 'c' ->
              "complex numbers, which are not supported yet; save .real and .imag as two arrays";
          case 'S', 'U', 'a' -> "text, which is not supported; save it as numbers";
          case 'V' ->
              "raw or structured records, which are not supported; save each field as an array of"
                  + " its own";
          case 'M', 'm' -> "dates or times, which are not supported; save them as int64";
          default ->
              "an unknown type; expected bool, an integer of 8 to 64 bits, float32 or float64";
        };
    return new KilnException(name + " has dtype '" + printable(descr) + "': " + cure);
  }

  private static boolean hasOrder(String descr) {
    return !descr.isEmpty() && "<>|=".indexOf(descr.charAt(0)) >= 0;
  }

  private static ByteOrder order(String descr) {
    return switch (descr.charAt(0)) {
      case '<' -> ByteOrder.LITTLE_ENDIAN;
      case '>' -> ByteOrder.BIG_ENDIAN;
      default -> ByteOrder.nativeOrder();
    };
  }

  private boolean bool() {
    if (word("True")) {
      return true;
    }
    if (word("False")) {
      return false;
    }
    throw damaged(found(), "True or False");
  }

  private Shape shape() {
    expect('(');
    long[] extents = new long[4];
    int rank = 0;
    boolean comma = false;
    while (peek() != ')') {
      if (rank > 0 && !comma) {
        throw damaged(found(), "',' or ')'");
      }
      if (rank == extents.length) {
        extents = Arrays.copyOf(extents, 2 * rank);
      }
      extents[rank++] = extent();
      comma = accept(',');
    }
    expect(')');
    if (rank == 1 && !comma) {
      throw damaged("a number as shape", "a tuple such as (3,)");
    }
    try {
      return Shape.of(Arrays.copyOf(extents, rank));
    } catch (KilnException e) {
      throw new KilnException(name + ": " + e.getMessage() + " (the file is damaged)", e);
    }
  }

  private long extent() {
    peek();
    int start = at;
    long value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      int digit = text.charAt(at) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw damaged("an extent beyond 2^63 - 1", "a possible shape");
      }
      value = value * 10 + digit;
      at++;
    }
    if (at == start) {
      throw damaged(found(), "an extent of at least 0");
    }
    accept('L'); // as Python 2 wrote long integers
    return value;
  }

  private String string() {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw damaged(found(), "a quoted string");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw damaged("a string without end", "a closing quote");
    }
    String value = text.substring(at + 1, end);
    if (value.indexOf('\\') >= 0) {
      throw damaged("an escape in a string", "plain text");
    }
    at = end + 1;
    return value;
  }

  private boolean word(String word) {
    peek();
    if (text.startsWith(word, at)) {
      at += word.length();
      return true;
    }
    return false;
  }

  private boolean accept(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw damaged(found(), "'" + c + "'");
    }
  }

  /** The next character after white space, 0 at the end. */
  private char peek() {
    while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private String found() {
    return at < text.length()
        ? "'" + printable(text.substring(at, at + 1)) + "'"
        : "the end of the header";
  }

  /** Control characters must not reach a terminal. */
  private static String printable(String value) {
    StringBuilder safe = new StringBuilder();
    value.chars().limit(40).forEach(c -> safe.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
    return safe.toString();
  }

  private KilnException damaged(String found, String expected) {
    return new KilnException(
        name
            + " has a damaged .npy header: found "
            + printableLine(found)
            + " near character "
            + at
            + ", expected "
            + expected
            + "; save the array again with numpy.save");
  }

  private static String printableLine(String value) {
    return value.length() > 80
        ? printable(value) + "..."
        : value.chars().allMatch(c -> c >= ' ' && c < 0x7f) ? value : printable(value);
  }
}
