package dev.kiln;

import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;

/** Brings the elements of an array to where Java sees them. */
final class Readout {
  private Readout() {}

  static float[] toFloatArray(NDArray x) {
    float[] values = new float[length(x, "toFloatArray", DType.FLOAT32, DType.FLOAT32)];
    copyTo(x, MemorySegment.ofArray(values));
    return values;
  }

  static double[] toDoubleArray(NDArray x) {
    double[] values = new double[length(x, "toDoubleArray", DType.FLOAT64, DType.FLOAT64)];
    copyTo(x, MemorySegment.ofArray(values));
    return values;
  }

  static int[] toIntArray(NDArray x) {
    int[] values = new int[length(x, "toIntArray", DType.INT32, DType.UINT32)];
    copyTo(x, MemorySegment.ofArray(values));
    return values;
  }

  static long[] toLongArray(NDArray x) {
    long[] values = new long[length(x, "toLongArray", DType.INT64, DType.UINT64)];
    copyTo(x, MemorySegment.ofArray(values));
    return values;
  }

  static short[] toShortArray(NDArray x) {
    short[] values = new short[length(x, "toShortArray", DType.INT16, DType.UINT16)];
    copyTo(x, MemorySegment.ofArray(values));
    return values;
  }

  static byte[] toByteArray(NDArray x) {
    byte[] values = new byte[length(x, "toByteArray", DType.INT8, DType.UINT8)];
    copyTo(x, MemorySegment.ofArray(values));
    return values;
  }

  static boolean[] toBooleanArray(NDArray x) {
    byte[] bytes = new byte[length(x, "toBooleanArray", DType.BOOL, DType.BOOL)];
    copyTo(x, MemorySegment.ofArray(bytes));
    boolean[] values = new boolean[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] != 0;
    }
    return values;
  }

  static void copyTo(NDArray x, MemorySegment target) {
    int each = x.dtype().bytes();
    if (target.byteSize() / each < x.size()) {
      throw new KilnException(
          "the array has "
              + BigInteger.valueOf(x.size()).multiply(BigInteger.valueOf(each))
              + " bytes, but the segment to copy it to has "
              + target.byteSize()
              + "; give a larger one");
    }
    long bytes = x.size() * each;
    read(x, elements -> MemorySegment.copy(elements, 0, target, 0, bytes));
  }

  static double item(NDArray x) {
    if (x.dtype().isFloat()) {
      return Bits.asDouble(x.dtype(), bits(x));
    }
    long value = itemLong(x);
    if ((long) (double) value != value || value == Long.MAX_VALUE) {
      throw new KilnException("no double is exactly " + value + "; use itemLong()");
    }
    return value;
  }

  static long itemLong(NDArray x) {
    if (!x.dtype().isInteger()) {
      throw new KilnException(
          (x.dtype() == DType.BOOL
                  ? "the element is bool"
                  : "itemLong takes integers, given " + x.dtype())
              + "; use "
              + (x.dtype() == DType.BOOL ? "itemBoolean()" : "item(), or astype(INT64)"));
    }
    long bits = bits(x);
    if (x.dtype() == DType.UINT64 && bits < 0) {
      throw new KilnException(
          "no long is "
              + Long.toUnsignedString(bits)
              + "; use toLongArray() and Java's unsigned methods");
    }
    return bits;
  }

  static boolean itemBoolean(NDArray x) {
    if (x.dtype() != DType.BOOL) {
      throw new KilnException(
          "itemBoolean takes bool, given "
              + x.dtype()
              + "; compare first, for example with notEqual(0)");
    }
    return bits(x) != 0;
  }

  private static long bits(NDArray x) {
    if (x.size() != 1) {
      throw new KilnException(
          "item takes an array of one element, given shape "
              + x.shape()
              + "; choose one with at(…), or use an array such as toDoubleArray()");
    }
    long[] bits = new long[1];
    read(x, elements -> bits[0] = bits(elements, x.dtype()));
    return bits[0];
  }

  private static long bits(MemorySegment elements, DType dtype) {
    return switch (dtype) {
      case BOOL, INT8, UINT8 -> Bits.wrap(dtype, elements.get(ValueLayout.JAVA_BYTE, 0));
      case INT16, UINT16 -> Bits.wrap(dtype, elements.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0));
      case INT32, UINT32 -> Bits.wrap(dtype, elements.get(ValueLayout.JAVA_INT_UNALIGNED, 0));
      case INT64, UINT64, FLOAT64 -> elements.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
      case FLOAT32 -> elements.get(ValueLayout.JAVA_INT_UNALIGNED, 0) & 0xffff_ffffL;
      case COMPLEX64, COMPLEX128 -> throw new AssertionError("an array of " + dtype);
    };
  }

  /**
   * Lends the elements, computed now where they are not there yet. Memory that was taken for them
   * goes back at once; but the optimiser may have found that an array in memory has them already,
   * {@code flip().flip()}, and that one stays.
   */
  private static void read(NDArray x, Consumer<MemorySegment> reader) {
    if (x.node().op() instanceof Op.Source source) {
      pinned(source.buffer(), reader);
      return;
    }
    List<Node> root = List.of(x.node());
    Buffer result = x.engine().run(root).getFirst();
    try {
      pinned(result, reader);
    } finally {
      if (Graphs.topological(root).stream().noneMatch(node -> holds(node, result))) {
        result.release();
      }
    }
  }

  private static boolean holds(Node node, Buffer buffer) {
    return node.op().equals(new Op.Source(buffer));
  }

  /**
   * Lends a buffer's memory. By its address, since the buffer's own segment has an arena that is
   * slow to close, and the pin keeps the memory in place.
   */
  static void pinned(Buffer buffer, Consumer<MemorySegment> user) {
    long address = buffer.show();
    try {
      user.accept(MemorySegment.ofAddress(address).reinterpret(buffer.byteSize()));
    } finally {
      buffer.unpin();
    }
  }

  private static int length(NDArray x, String method, DType dtype, DType alike) {
    if (x.dtype() != dtype && x.dtype() != alike) {
      throw new KilnException(
          method
              + " takes "
              + dtype
              + ", given "
              + x.dtype()
              + "; convert with astype("
              + dtype.name()
              + ")");
    }
    if (x.size() > Integer.MAX_VALUE - 8) {
      throw new KilnException(
          "an array of " + x.size() + " elements is too long for a Java array; use copyTo");
    }
    return (int) x.size();
  }
}
