package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;

/**
 * Elements as keys: unsigned integers in the same order. −0 has the key of +0, and every NaN the
 * largest.
 */
final class SortOrder {
  private static final int NEGATIVE_ZERO = Integer.MIN_VALUE;
  private static final int INFINITY = 0x7f80_0000;
  private static final long WIDE_INFINITY = 0x7ff0_0000_0000_0000L;

  private final DType dtype;
  private final boolean real;
  private final int bytes;
  private final long bias;
  private final long mask;

  SortOrder(DType dtype, boolean descending) {
    this.dtype = dtype;
    this.real = dtype.isFloat();
    this.bytes = dtype.bytes();
    this.bias = dtype.kind() == DType.Kind.SIGNED ? 1L << (dtype.bits() - 1) : 0;
    this.mask = descending ? -1 : 0;
  }

  /** Whether keys have 64 bits; 32 otherwise. */
  boolean isWide() {
    return bytes == 8;
  }

  /** Bytes of an element. */
  int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  boolean isReal() {
    return real;
  }

  /** The bits that make the key of an element the key in ascending order. */
  long mask() {
    return mask;
  }

  /** The bits in which the key of a whole number differs from it. */
  long turned() {
    return bias ^ mask;
  }

  /** The key of an element as an unsigned number of 64 bits. */
  long key(long address) {
    return isWide() ? wide(address) : narrow(address) & 0xffff_ffffL;
  }

  /** The key of an element of at most 32 bits. */
  int narrow(long address) {
    return keyOf(bytes == 4 ? Raw.getInt(address) : (int) Raw.get(dtype, address));
  }

  /** The key of an element of 64 bits. */
  long wide(long address) {
    return keyOf(Raw.getLong(address));
  }

  /** The key of the element that has these bits. */
  int keyOf(int bits) {
    if (!real) {
      return (bits + (int) bias) ^ (int) mask;
    }
    int key = bits == NEGATIVE_ZERO ? NEGATIVE_ZERO : bits ^ (bits >> 31 | Integer.MIN_VALUE);
    return ((bits & Integer.MAX_VALUE) > INFINITY ? -1 : key) ^ (int) mask;
  }

  /** The key of the element that has these bits. */
  long keyOf(long bits) {
    if (!real) {
      return (bits + bias) ^ mask;
    }
    long key = bits == Long.MIN_VALUE ? Long.MIN_VALUE : bits ^ (bits >> 63 | Long.MIN_VALUE);
    return ((bits & Long.MAX_VALUE) > WIDE_INFINITY ? -1 : key) ^ mask;
  }

  /** The bits of the element that has this key. */
  int elementOf(int key) {
    int plain = key ^ (int) mask;
    if (!real) {
      return plain - (int) bias;
    }
    int bits = plain < 0 ? plain ^ Integer.MIN_VALUE : ~plain;
    return plain == -1 ? Float.floatToRawIntBits(Float.NaN) : bits;
  }

  /** The bits of the element that has this key. */
  long elementOf(long key) {
    long plain = key ^ mask;
    if (!real) {
      return plain - bias;
    }
    long bits = plain < 0 ? plain ^ Long.MIN_VALUE : ~plain;
    return plain == -1 ? Double.doubleToRawLongBits(Double.NaN) : bits;
  }

  /** Stores the element of a key of 32 bits. */
  void put(int key, long address) {
    if (bytes == 4) {
      Raw.setInt(address, elementOf(key));
    } else {
      Raw.set(dtype, address, elementOf(key));
    }
  }

  /** Stores the element of a key of 64 bits. */
  void put(long key, long address) {
    Raw.setLong(address, elementOf(key));
  }

  /** Whether a sorted sequence has a zero that may once have been negative. */
  boolean hasZero(long out, long stride, long n) {
    if (!real) {
      return false;
    }
    long at = firstZero(n, out, stride);
    return at < n && Bits.asDouble(dtype, Raw.get(dtype, out + at * stride)) == 0;
  }

  /** Whether a zero of a sequence is negative. */
  boolean hasNegativeZero(long x, long stride, long n) {
    boolean found = false;
    if (bytes == 4) {
      for (long i = 0; i < n; i++) {
        found |= Raw.getInt(x + i * stride) == NEGATIVE_ZERO;
      }
    } else {
      for (long i = 0; i < n; i++) {
        found |= Raw.getLong(x + i * stride) == Long.MIN_VALUE;
      }
    }
    return found;
  }

  /** Gives the zeros of a sorted sequence the signs that they had before, in order. */
  void restoreZeros(long x, long stride, long n, long out, long outStride) {
    long at = firstZero(n, out, outStride);
    for (long i = 0; i < n; i++) {
      long bits = Raw.get(dtype, x + i * stride);
      if (Bits.asDouble(dtype, bits) == 0) {
        Raw.set(dtype, out + at++ * outStride, bits);
      }
    }
  }

  private long firstZero(long n, long out, long outStride) {
    long from = 0;
    long to = n;
    while (from < to) {
      long middle = (from + to) >>> 1;
      double value = Bits.asDouble(dtype, Raw.get(dtype, out + middle * outStride));
      boolean before = mask == 0 ? value < 0 : Double.isNaN(value) || value > 0;
      if (before) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
