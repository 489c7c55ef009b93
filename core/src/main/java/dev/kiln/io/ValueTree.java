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
import java.util.List;
import java.util.Optional;

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
 * </pre>
 */
final class ValueTree {
  private final String name;
  private final ByteBuffer tree;
  private final MemorySegment arrays;

  /**
   * To read a tree.
   *
   * @param name of the file, for messages
   * @param arrays the file from the start of its arrays on
   */
  ValueTree(String name, ByteBuffer tree, MemorySegment arrays) {
    this.name = name;
    this.tree = tree;
    this.arrays = arrays;
  }

  /** Writes a tree, and collects its arrays in the order in which they have to follow. */
  static void write(Value value, ByteArrayOutputStream out, List<Value.Array> arrays) {
    new Writer(out, arrays).value(value);
  }

  private static final class Writer {
    private final ByteArrayOutputStream out;
    private final List<Value.Array> arrays;
    private long offset;

    Writer(ByteArrayOutputStream out, List<Value.Array> arrays) {
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
      out.write('a');
      text(array.dtype().toString());
      out.write(array.isPlain() ? 1 : 0);
      count(array.shape().rank());
      for (long extent : array.shape().toArray()) {
        number(extent);
      }
      number(offset);
      offset += ValueFile.aligned(array.bytes());
      arrays.add(array);
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
    long[] extents = new long[count(8)];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = tree.getLong();
    }
    long offset = tree.getLong();
    DType dtype;
    Value.Array array;
    long bytes;
    try {
      dtype = DType.of(named);
      Shape shape = Shape.of(extents);
      array = new Value.Array(dtype, shape, plain == 1, () -> MemorySegment.NULL);
      bytes = array.bytes();
    } catch (KilnException | ArithmeticException e) {
      throw new KilnException(name + " is damaged: an array makes no sense: " + e.getMessage(), e);
    }
    boolean isPlain = plain == 0 || (plain == 1 && extents.length == 1);
    if (!isPlain
        || dtype.kind() == DType.Kind.COMPLEX
        || offset < 0
        || offset % ValueFile.ALIGNMENT != 0
        || offset > arrays.byteSize()
        || bytes > arrays.byteSize() - offset) {
      throw damaged(
          "an array of " + dtype + " " + array.shape() + " at " + offset + " does not lie in it");
    }
    MemorySegment data = arrays.asSlice(offset, bytes);
    // When they are used, not before: many arrays may claim the same bytes.
    return new Value.Array(
        dtype, array.shape(), plain == 1, () -> ValueFile.checked(name, dtype, data));
  }
}
