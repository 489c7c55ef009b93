package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * All of memory, by absolute address. Nothing is checked: addresses come from launches, whose
 * accesses are checked, and their buffers are pinned.
 */
final class Raw {
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Raw() {}

  static float getFloat(long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  static double getDouble(long address) {
    return ALL.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, address);
  }

  static int getInt(long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  static long getLong(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  static void setFloat(long address, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  static void setDouble(long address, double value) {
    ALL.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, address, value);
  }

  static void setInt(long address, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  static void setLong(long address, long value) {
    ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }

  /** The element at an address, in the form of {@link Bits}. */
  static long get(DType dtype, long address) {
    return switch (dtype.bytes()) {
      case 1 -> Bits.wrap(dtype, ALL.get(ValueLayout.JAVA_BYTE, address));
      case 2 -> Bits.wrap(dtype, ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address));
      case 4 -> {
        int bits = getInt(address);
        yield dtype.isFloat() ? bits & 0xffff_ffffL : Bits.wrap(dtype, bits);
      }
      default -> getLong(address);
    };
  }

  /** Stores an element in the form of {@link Bits}. */
  static void set(DType dtype, long address, long bits) {
    switch (dtype.bytes()) {
      case 1 -> ALL.set(ValueLayout.JAVA_BYTE, address, (byte) bits);
      case 2 -> ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, (short) bits);
      case 4 -> setInt(address, (int) bits);
      default -> setLong(address, bits);
    }
  }

  /** Copies elements of so many bytes to dense memory; the stride is in bytes. */
  static void gather(int bytes, long from, long stride, long to, long count) {
    switch (bytes) {
      case 1 -> {
        for (long i = 0; i < count; i++) {
          ALL.set(ValueLayout.JAVA_BYTE, to + i, ALL.get(ValueLayout.JAVA_BYTE, from + i * stride));
        }
      }
      case 2 -> {
        for (long i = 0; i < count; i++) {
          short element = ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + i * stride);
          ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, to + 2 * i, element);
        }
      }
      case 4 -> {
        for (long i = 0; i < count; i++) {
          setInt(to + 4 * i, getInt(from + i * stride));
        }
      }
      default -> {
        for (long i = 0; i < count; i++) {
          setLong(to + 8 * i, getLong(from + i * stride));
        }
      }
    }
  }
}
