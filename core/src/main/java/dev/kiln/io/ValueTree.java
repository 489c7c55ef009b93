package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tree of a {@link ValueFile}: each value is a letter and what follows.
 *
 * <pre>
 * n                                 null
 * s kind(1) bits(8)                 a primitive; kinds are the letters of Value.Kind
 * t text                            a string; a text is its length in bytes (4) and UTF-8
 * c text text                       a constant: type and name
 * l count(4) values                 a list
 * b count(4) values                 a set
 * m count(4) pairs of values        a map
 * e / o value                       an empty optional / one with a value
 * r text count(4) (text value)…     a record: type and components
 * a text plain(1) rank(4) extents(8 each) offset(8)
 *                                   an array: dtype, whether a Java array, shape, and where its
 *                                   elements lie after the start of all arrays
 * z text rank(4) extents(8 each) offset(8) text block(4) (length(4) checksum(4))…
 *                                   an array in compressed blocks: dtype, shape, where the first
 *                                   block lies, the compression, bytes of elements in a block, and
 *                                   the table of {@link PackedArray}; from version 2 on
 * </pre>
 */
final class ValueTree {
  private final String name;
  private final ByteBuffer tree;
  private final MemorySegment arrays;
  private final Optional<Unpacking> unpacking;

  /**
   * To read a tree.
   *
   * @param name of the file, for messages
   * @param arrays the file from the start of its arrays on
   * @param unpacking of compressed arrays, where there may be any
   */
  ValueTree(String name, ByteBuffer tree, MemorySegment arrays, Optional<Unpacking> unpacking) {
    this.name = name;
    this.tree = tree;
    this.arrays = arrays;
    this.unpacking = unpacking;
  }

  /**
   * Writes a tree.
   *
   * @param arrays of the tree in their order, each with what its elements have become
   */
  static void write(Value value, ByteArrayOutputStream out, List<Placed> arrays) {
    new Writer(out, arrays.iterator()).value(value);
  }

  /** An array, and its table where it is compressed. */
  record Placed(Value.Array array, Optional<PackedArray> packed) {
    /** The bytes that it takes in the file, but for padding. */
    long bytes() {
      return packed.map(PackedArray::packed).orElseGet(array::bytes);
    }
  }

  /** The arrays of a tree, in the order in which they are written. */
  static void collect(Value value, Consumer<Value.Array> arrays) {
    switch (value) {
      case Value.Array array -> arrays.accept(array);
      case Value.Sequence(List<Value> elements) -> elements.forEach(x -> collect(x, arrays));
      case Value.Bag(List<Value> elements) -> elements.forEach(x -> collect(x, arrays));
      case Value.Table(List<Value.Pair> pairs) -> {
        for (Value.Pair pair : pairs) {
          collect(pair.key(), arrays);
          collect(pair.value(), arrays);
        }
      }
      case Value.Maybe(Optional<Value> inner) -> inner.ifPresent(x -> collect(x, arrays));
      case Value.Structure(String type, List<Value.Field> fields) ->
          fields.forEach(field -> collect(field.value(), arrays));
      case Value.Nothing _, Value.Scalar _, Value.Text _, Value.Constant _ -> {
        // Nothing in them.
      }
    }
  }

  private static final class Writer {
    private final ByteArrayOutputStream out;
    private final Iterator<Placed> arrays;
    private long offset;

    Writer(ByteArrayOutputStream out, Iterator<Placed> arrays) {
      this.out = out;
      this.arrays = arrays;
    }

    void value(Value value) {
      switch (value) {
        case Value.Nothing() -> out.write('n');
        case Value.Scalar(Value.Kind kind, long bits) -> {
          out.write('s');
          out.write(kind.letter());
          number(bits);
        }
        case Value.Text(String text) -> {
          out.write('t');
          text(text);
        }
        case Value.Constant(String type, String constant) -> {
          out.write('c');
          text(type);
          text(constant);
        }
        case Value.Sequence(List<Value> elements) -> {
          out.write('l');
          count(elements.size());
          elements.forEach(this::value);
        }
        case Value.Bag(List<Value> elements) -> {
          out.write('b');
          count(elements.size());
          elements.forEach(this::value);
        }
        case Value.Table(List<Value.Pair> pairs) -> {
          out.write('m');
          count(pairs.size());
          for (Value.Pair pair : pairs) {
            value(pair.key());
            value(pair.value());
          }
        }
        case Value.Maybe(Optional<Value> inner) -> {
          out.write(inner.isPresent() ? 'o' : 'e');
          inner.ifPresent(this::value);
        }
        case Value.Structure(String type, List<Value.Field> fields) -> {
          out.write('r');
          text(type);
          count(fields.size());
          for (Value.Field field : fields) {
            text(field.name());
            value(field.value());
          }
        }
        case Value.Array array -> array(array);
      }
    }

    private void array(Value.Array array) {
      Placed placed = arrays.next();
      out.write(placed.packed().isPresent() ? 'z' : 'a');
      text(array.dtype().toString());
      if (placed.packed().isEmpty()) {
        out.write(array.isPlain() ? 1 : 0);
      }
      count(array.shape().rank());
      for (long extent : array.shape().toArray()) {
        number(extent);
      }
      number(offset);
      offset += ValueFile.aligned(placed.bytes());
      if (placed.packed().isPresent()) {
        text(placed.packed().get().method());
        placed.packed().get().write(out);
      }
    }

    private void count(int count) {
      out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(count).array());
    }

    private void number(long number) {
      out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
    }

    private void text(String text) {
      ByteBuffer bytes = utf8(text);
      count(bytes.remaining());
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
  }

  /** UTF-8, which a text with half a surrogate pair has none of. */
  static ByteBuffer utf8(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new KilnException(
          "a text with half a character (an unpaired surrogate) cannot be kept; give whole ones",
          e);
    }
  }

  /** The value; nothing may follow it. */
  Value read() {
    try {
      Value value = value(0);
      if (tree.hasRemaining()) {
        throw damaged("its tree goes on after the value");
      }
      return value;
    } catch (BufferUnderflowException e) {
      throw new KilnException(
          name + " is damaged: its tree ends too early; write or copy it again", e);
    }
  }

  private KilnException damaged(String how) {
    return ValueFile.damaged(name, how);
  }

  private Value value(int depth) {
    if (depth > ValueCodec.DEEPEST) {
      throw damaged("its tree is more than " + ValueCodec.DEEPEST + " levels deep");
    }
    byte tag = tree.get();
    return switch (tag) {
      case 'n' -> new Value.Nothing();
      case 's' -> new Value.Scalar(kind(), tree.getLong());
      case 't' -> new Value.Text(text());
      case 'c' -> new Value.Constant(text(), text());
      case 'l' -> new Value.Sequence(values(depth));
      case 'b' -> new Value.Bag(values(depth));
      case 'm' -> {
        int count = count(2);
        List<Value.Pair> pairs = new ArrayList<>();
        for (int k = 0; k < count; k++) {
          pairs.add(new Value.Pair(value(depth + 1), value(depth + 1)));
        }
        yield new Value.Table(pairs);
      }
      case 'e' -> new Value.Maybe(Optional.empty());
      case 'o' -> new Value.Maybe(Optional.of(value(depth + 1)));
      case 'r' -> {
        String type = text();
        int count = count(5);
        List<Value.Field> fields = new ArrayList<>();
        for (int k = 0; k < count; k++) {
          fields.add(new Value.Field(text(), value(depth + 1)));
        }
        yield new Value.Structure(type, fields);
      }
      case 'a' -> array();
      case 'z' -> packed(unpacking.orElseThrow(() -> damaged("its tree has the letter " + tag)));
      default -> throw damaged("its tree has the letter " + tag);
    };
  }

  private Value.Kind kind() {
    int letter = tree.get();
    for (Value.Kind kind : Value.Kind.values()) {
      if (kind.letter() == letter) {
        return kind;
      }
    }
    throw damaged("a primitive is of kind " + letter);
  }

  private List<Value> values(int depth) {
    int count = count(1);
    List<Value> values = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      values.add(value(depth + 1));
    }
    return values;
  }

  /** A number of things of so many bytes at least, for which there is room. */
  private int count(int bytes) {
    int count = tree.getInt();
    if (count < 0 || (long) count * bytes > tree.remaining()) {
      throw damaged("a count of " + Integer.toUnsignedString(count) + " exceeds its tree");
    }
    return count;
  }

  private String text() {
    byte[] bytes = new byte[count(1)];
    tree.get(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new KilnException(name + " is damaged: a text is not UTF-8; write or copy it again", e);
    }
  }

  private Value.Array array() {
    String named = text();
    int plain = tree.get();
    Value.Array array = empty(named, plain == 1);
    long offset = offset(array, array.bytes());
    DType dtype = array.dtype();
    boolean isPlain = plain == 0 || (plain == 1 && array.shape().rank() == 1);
    if (!isPlain) {
      throw misplaced(array, offset);
    }
    MemorySegment data = arrays.asSlice(offset, array.bytes());
    // When they are used, not before: many arrays may claim the same bytes.
    return new Value.Array(
        dtype, array.shape(), plain == 1, () -> ValueFile.checked(name, dtype, data));
  }

  private Value.Array packed(Unpacking with) {
    Value.Array array = empty(text(), false);
    DType dtype = array.dtype();
    long bytes = array.bytes();
    long offset = offset(array, 0);
    PackedArray packed = PackedArray.read(name, text(), bytes, dtype.bytes(), tree);
    if (packed.packed() > arrays.byteSize() - offset) {
      throw misplaced(array, offset);
    }
    MemorySegment blocks = arrays.asSlice(offset, packed.packed());
    return new Value.Array(
        dtype, array.shape(), false, () -> packed.inflate(name, blocks, dtype, bytes, with));
  }

  /** An array of the shape that follows, which has a size. */
  private Value.Array empty(String dtype, boolean isPlain) {
    long[] extents = new long[count(8)];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = tree.getLong();
    }
    try {
      Value.Array array =
          new Value.Array(DType.of(dtype), Shape.of(extents), isPlain, () -> MemorySegment.NULL);
      // Its size may be more than a long holds.
      long _ = array.bytes();
      return array;
    } catch (KilnException | ArithmeticException e) {
      throw new KilnException(name + " is damaged: an array makes no sense: " + e.getMessage(), e);
    }
  }

  /** Where so many bytes of an array lie. */
  private long offset(Value.Array array, long bytes) {
    long offset = tree.getLong();
    if (array.dtype().kind() == DType.Kind.COMPLEX
        || offset < 0
        || offset % ValueFile.ALIGNMENT != 0
        || offset > arrays.byteSize()
        || bytes > arrays.byteSize() - offset) {
      throw misplaced(array, offset);
    }
    return offset;
  }

  private KilnException misplaced(Value.Array array, long offset) {
    return damaged(
        "an array of "
            + array.dtype()
            + " "
            + array.shape()
            + " at "
            + offset
            + " does not lie in it");
  }
}
