package dev.kiln.cli.expression;

import dev.kiln.NDArray;
import java.util.List;

/** What a part of an expression evaluates to: an array, or one of Python's plain values. */
public sealed interface Value {
  /** An array. */
  record Array(NDArray array) implements Value {}

  /** A number by itself, which takes the dtype of the array that it meets. */
  sealed interface Plain extends Value {}

  /** A whole number. */
  record Int(long value) implements Plain {}

  /** A floating-point number. */
  record Real(double value) implements Plain {}

  /** A truth value. */
  record Bool(boolean value) implements Plain {}

  /** A string, or the name of a dtype. */
  record Text(String value) implements Value {}

  /** A tuple or list. */
  record Tuple(List<Value> items) implements Value {}

  /** {@code None} and {@code ...}. */
  enum Singleton implements Value {
    NONE,
    ELLIPSIS
  }

  /** For messages: what was given. */
  default String describe() {
    return switch (this) {
      case Array(NDArray array) -> "an array of " + array.dtype() + " " + array.shape();
      case Int(long value) -> "the number " + value;
      case Real(double value) -> "the number " + value;
      case Bool(boolean value) -> value ? "True" : "False";
      case Text(String value) -> "the string '" + value + "'";
      case Tuple(List<Value> items) -> "a tuple of " + items.size();
      case Singleton.NONE -> "None";
      case Singleton.ELLIPSIS -> "...";
    };
  }
}
