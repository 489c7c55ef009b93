package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value of several parts as data: what is dumped, and what functions are memoised by. It names
 * types of records and enums and never holds code.
 */
public sealed interface Value {
  /** Java's null. */
  record Nothing() implements Value {}

  /** Which Java primitive a scalar is. */
  enum Kind {
    BOOL('Z'),
    INT8('B'),
    INT16('S'),
    INT32('I'),
    INT64('J'),
    FLOAT32('F'),
    FLOAT64('D'),
    CHAR('C');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /** The letter that stands for it in files, as in class files. */
    public char letter() {
      return letter;
    }
  }

  /**
   * A primitive.
   *
   * @param bits of the number, sign-extended; for floating point its representation, NaN being one
   */
  record Scalar(Kind kind, long bits) implements Value {}

  /** A string. */
  record Text(String text) implements Value {}

  /**
   * A constant of an enum.
   *
   * @param type the enum's binary name
   * @param name the constant's
   */
  record Constant(String type, String name) implements Value {}

  /** A list. */
  record Sequence(List<Value> elements) implements Value {
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /** A set; the order of its elements means nothing. */
  record Bag(List<Value> elements) implements Value {
    public Bag {
      elements = List.copyOf(elements);
    }
  }

  /** A map; the order of its pairs means nothing. */
  record Table(List<Pair> pairs) implements Value {
    public Table {
      pairs = List.copyOf(pairs);
    }
  }

  /** A key of a map and what it leads to. */
  record Pair(Value key, Value value) {}

  /** An optional. */
  record Maybe(Optional<Value> value) implements Value {}

  /**
   * A record, or an object of a type that a codec takes apart.
   *
   * @param type its binary name
   * @param fields its components in order
   */
  record Structure(String type, List<Field> fields) implements Value {
    public Structure {
      fields = List.copyOf(fields);
    }
  }

  /** A component of a record. */
  record Field(String name, Value value) {}

  /**
   * An array of numbers.
   *
   * @param isPlain whether it is a Java array such as {@code double[]}
   * @param data its elements, dense and row-major, in native byte order; asked for when they are
   *     needed
   */
  record Array(DType dtype, Shape shape, boolean isPlain, Supplier<MemorySegment> data)
      implements Value {
    /** The size of the elements. */
    public long bytes() {
      return Math.multiplyExact(shape.size(), dtype.bytes());
    }
  }
}
