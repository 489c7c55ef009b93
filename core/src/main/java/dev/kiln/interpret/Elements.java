package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.Bits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and writes array elements in memory, in native byte order, as scalars in the form of {@link
 * Bits}.
 */
public final class Elements {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.nativeOrder());

  private Elements() {}

  /** The element of that number. */
  public static long get(MemorySegment segment, DType dtype, long index) {
    long at = index * dtype.bytes();
    return switch (dtype.bytes()) {
      case 1 -> Bits.wrap(dtype, segment.get(ValueLayout.JAVA_BYTE, at));
      case 2 -> Bits.wrap(dtype, segment.get(SHORT, at));
      case 4 -> {
        int bits = segment.get(INT, at);
        yield dtype.isFloat() ? bits & 0xffff_ffffL : Bits.wrap(dtype, bits);
      }
      case 8 -> {
        requireReal(dtype);
        yield segment.get(LONG, at);
      }
      default -> throw unsupported(dtype);
    };
  }

  /** Writes the element of that number. */
  public static void set(MemorySegment segment, DType dtype, long index, long bits) {
    long at = index * dtype.bytes();
    switch (dtype.bytes()) {
      case 1 -> segment.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
      case 2 -> segment.set(SHORT, at, (short) bits);
      case 4 -> segment.set(INT, at, (int) bits);
      case 8 -> {
        requireReal(dtype);
        segment.set(LONG, at, bits);
      }
      default -> throw unsupported(dtype);
    }
  }

  private static void requireReal(DType dtype) {
    if (dtype.kind() == DType.Kind.COMPLEX) {
      throw unsupported(dtype);
    }
  }

  private static KilnException unsupported(DType dtype) {
    return new KilnException(dtype + " arrays are not supported yet; use their real parts");
  }
}
