package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;

/** What dtypes and their scalars are called in OpenCL C. */
public final class CType {
  private CType() {}

  /** Of a variable. */
  static String value(DType dtype) {
    return switch (dtype) {
      case BOOL -> "bool";
      case INT8 -> "char";
      case INT16 -> "short";
      case INT32 -> "int";
      case INT64 -> "long";
      case UINT8 -> "uchar";
      case UINT16 -> "ushort";
      case UINT32 -> "uint";
      case UINT64 -> "ulong";
      case FLOAT32 -> "float";
      case FLOAT64 -> "double";
      case COMPLEX64, COMPLEX128 -> throw new AssertionError("no kernel has " + dtype);
    };
  }

  /** Of an element in memory, and of an argument: bool is no type for these. */
  public static String memory(DType dtype) {
    return dtype == DType.BOOL ? "uchar" : value(dtype);
  }

  /** The unsigned type that integers compute in, since signed ones may not overflow in C. */
  static String wrapping(DType dtype) {
    return dtype.bytes() == 8 ? "ulong" : "uint";
  }

  /** The signed type of a float's bits. */
  static String bits(DType dtype) {
    return dtype.bytes() == 8 ? "long" : "int";
  }

  /** A scalar; floats exactly, by their binary digits. */
  static String literal(DType dtype, long bits) {
    return switch (dtype) {
      case BOOL -> bits != 0 ? "true" : "false";
      case INT8, INT16, INT32 -> bits == Integer.MIN_VALUE ? "INT_MIN" : Long.toString(bits);
      case INT64 -> bits == Long.MIN_VALUE ? "LONG_MIN" : bits + "L";
      case UINT8, UINT16, UINT32 -> bits + "u";
      case UINT64 -> Long.toUnsignedString(bits) + "UL";
      case FLOAT32 -> {
        float value = Bits.toFloat(bits);
        yield Float.isFinite(value)
            ? Float.toHexString(value) + "f"
            : "as_float(0x" + Long.toHexString(bits) + "u)";
      }
      case FLOAT64 -> {
        double value = Bits.toDouble(bits);
        yield Double.isFinite(value)
            ? Double.toHexString(value)
            : "as_double(0x" + Long.toHexString(bits) + "UL)";
      }
      case COMPLEX64, COMPLEX128 -> throw new AssertionError("no kernel has " + dtype);
    };
  }
}
