package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Prints an array as NumPy's {@code str} does with its default options: lines of at most 75
 * characters, floating-point numbers with at most 8 digits after the point, and of an array over
 * 1,000 elements only the first and last three along each axis.
 */
public final class ArrayText {
  private static final int LINE = 75;
  private static final int THRESHOLD = 1000;
  private static final int EDGE = 3;

  private final Shape shape;
  private final long[] strides;
  private final boolean summarised;
  private final StringBuilder out = new StringBuilder();

  private ArrayText(Shape shape) {
    this.shape = shape;
    this.strides = shape.rowMajorStrides();
    this.summarised = shape.size() > THRESHOLD;
  }

  /**
   * The text of an array; no line break at its end. Only the elements that appear are read.
   *
   * @param dtype bool, an integer or a real floating-point type
   * @param data dense and row-major, in native byte order
   */
  public static String of(DType dtype, Shape shape, MemorySegment data) {
    if (shape.size() == 0) {
      return "[]";
    }
    ArrayText text = new ArrayText(shape);
    LongFunction<String> element = text.format(dtype, data);
    if (shape.rank() == 0) {
      return element.apply(0);
    }
    text.write(0, 0, element);
    return text.out.toString();
  }

  /** How each element appears: numbers of one array are aligned with each other. */
  private LongFunction<String> format(DType dtype, MemorySegment data) {
    return switch (dtype.kind()) {
      case BOOL -> bools(data);
      case SIGNED, UNSIGNED -> integers(dtype, data);
      case FLOAT -> {
        boolean single = dtype == DType.FLOAT32;
        FloatText.Source values =
            single
                ? at -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * 4)
                : at -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * 8);
        yield shape.rank() == 0
            ? at -> FloatText.scalar(single, values.at(at))
            : FloatText.aligned(single, values, visible());
      }
      case COMPLEX ->
          throw new KilnException("cannot print " + dtype + ": it is not supported yet");
    };
  }

  private LongFunction<String> bools(MemorySegment data) {
    String yes = shape.rank() == 0 ? "True" : " True";
    return at -> data.get(ValueLayout.JAVA_BYTE, at) != 0 ? yes : "False";
  }

  private LongFunction<String> integers(DType dtype, MemorySegment data) {
    LongFunction<String> plain =
        switch (dtype) {
          case INT8 -> at -> Byte.toString(data.get(ValueLayout.JAVA_BYTE, at));
          case UINT8 ->
              at -> Integer.toString(Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, at)));
          case INT16 -> at -> Short.toString(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2));
          case UINT16 ->
              at ->
                  Integer.toString(
                      Short.toUnsignedInt(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2)));
          case INT32 -> at -> Integer.toString(data.get(ValueLayout.JAVA_INT_UNALIGNED, at * 4));
          case UINT32 ->
              at -> Integer.toUnsignedString(data.get(ValueLayout.JAVA_INT_UNALIGNED, at * 4));
          case INT64 -> at -> Long.toString(data.get(ValueLayout.JAVA_LONG_UNALIGNED, at * 8));
          case UINT64 ->
              at -> Long.toUnsignedString(data.get(ValueLayout.JAVA_LONG_UNALIGNED, at * 8));
          default -> throw new AssertionError("not an integer: " + dtype);
        };
    int width = LongStream.of(visible()).mapToObj(plain).mapToInt(String::length).max().orElse(0);
    return at -> {
      String digits = plain.apply(at);
      return " ".repeat(width - digits.length()) + digits;
    };
  }

  /** The positions of all elements that appear. */
  private long[] visible() {
    long[] positions = {0};
    for (int axis = 0; axis < shape.rank(); axis++) {
      long extent = shape.extent(axis);
      long stride = strides[axis];
      long[] along =
          elided(axis)
              ? LongStream.concat(
                      LongStream.range(0, EDGE), LongStream.range(extent - EDGE, extent))
                  .toArray()
              : LongStream.range(0, extent).toArray();
      positions =
          Arrays.stream(positions)
              .flatMap(base -> Arrays.stream(along).map(i -> base + i * stride))
              .toArray();
    }
    return positions;
  }

  private boolean elided(int axis) {
    return summarised && shape.extent(axis) > 2 * EDGE;
  }

  /** Writes the sub-array at {@code base} that remains after {@code axis} axes were indexed. */
  private void write(int axis, long base, LongFunction<String> element) {
    boolean row = axis == shape.rank() - 1;
    long extent = shape.extent(axis);
    // One column for each bracket still to be closed, this one included.
    int width = LINE - axis - 1;
    int indent = axis + 1;
    out.append('[');
    int lineStart = out.length() - indent;
    for (long i = 0; i < extent; i++) {
      boolean gap = elided(axis) && i == EDGE;
      if (i > 0 && !row) {
        out.repeat('\n', shape.rank() - axis - 1).repeat(' ', indent);
      }
      if (row) {
        String word = gap ? "..." : element.apply(base + i * strides[axis]);
        int length = out.length() - lineStart + (i > 0 ? 1 : 0);
        if (length + word.length() > width && length > indent) {
          // NumPy drops all spaces at the end of a line, those of a padded number included.
          out.setLength(trimmed());
          out.append('\n');
          lineStart = out.length();
          out.repeat(' ', indent);
        } else if (i > 0) {
          out.append(' ');
        }
        out.append(word);
      } else if (gap) {
        out.append("...");
      } else {
        write(axis + 1, base + i * strides[axis], element);
      }
      if (gap) {
        i = extent - EDGE - 1;
      }
    }
    out.append(']');
  }

  private int trimmed() {
    int end = out.length();
    while (out.charAt(end - 1) == ' ') {
      end--;
    }
    return end;
  }
}
