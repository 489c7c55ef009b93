package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The elements of a computed array, one by one.
 *
 * @param dtype bool, an integer or a real floating-point type
 * @param shape of the array
 * @param data dense and row-major
 */
record Elements(DType dtype, Shape shape, MemorySegment data) {
  static Elements of(NDArray computed) {
    return new Elements(computed.dtype(), computed.shape(), computed.data());
  }

  /** An element of any dtype, rounded to float64. */
  double real(long i) {
    return switch (dtype) {
      case FLOAT32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4);
      case FLOAT64 -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8);
      case UINT64 -> {
        long bits = whole(i);
        yield bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
      }
      default -> whole(i);
    };
  }

  /** An element of an integer dtype or bool; of uint64 its bits. */
  long whole(long i) {
    return switch (dtype) {
      case BOOL, INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
      case UINT8 -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, i));
      case INT16 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2);
      case UINT16 -> Short.toUnsignedLong(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2));
      case INT32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4);
      case UINT32 -> Integer.toUnsignedLong(data.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4));
      case INT64, UINT64 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8);
      case FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 ->
          throw new AssertionError("not whole: " + dtype);
    };
  }

  /** One element's memory. */
  MemorySegment at(long i) {
    return data.asSlice(i * dtype.bytes(), dtype.bytes());
  }
}
