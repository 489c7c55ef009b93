package dev.kiln.opencl.source;

import dev.kiln.DType;

/**
 * Elements as integers that compare as the elements do: floats have none of C's own, since NaN wins
 * and −0 is below +0. Compilers turn loops over integers into vectors.
 *
 * @param largest whether the largest is wanted, so that NaN is the largest
 */
record Keys(DType dtype, boolean largest) {
  /** The type of a key. */
  String type() {
    return dtype.isFloat() ? CType.bits(dtype) : CType.memory(dtype);
  }

  /** A key that none comes after. */
  String last() {
    return switch (scratch()) {
      case BOOL, UINT8 -> largest ? "0" : "UCHAR_MAX";
      case UINT16 -> largest ? "0" : "USHRT_MAX";
      case UINT32 -> largest ? "0" : "UINT_MAX";
      case UINT64 -> largest ? "0" : "ULONG_MAX";
      case INT8 -> largest ? "CHAR_MIN" : "CHAR_MAX";
      case INT16 -> largest ? "SHRT_MIN" : "SHRT_MAX";
      case INT32 -> largest ? "INT_MIN" : "INT_MAX";
      case INT64 -> largest ? "LONG_MIN" : "LONG_MAX";
      case FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 -> throw new AssertionError("no key's dtype");
    };
  }

  /** The dtype of a key in scratch. */
  DType scratch() {
    return switch (dtype) {
      case FLOAT32 -> DType.INT32;
      case FLOAT64 -> DType.INT64;
      default -> dtype;
    };
  }

  /** The key of an element. */
  String of(Helpers helpers, String element) {
    Helper key = largest ? Helper.MAX_KEY : Helper.MIN_KEY;
    return dtype.isFloat() ? helpers.call(key, dtype, element) : element;
  }

  /** The element of a key; its NaN is canonical. */
  String back(Helpers helpers, String key) {
    return dtype.isFloat() ? helpers.call(Helper.OF_KEY, dtype, key) : key;
  }
}
