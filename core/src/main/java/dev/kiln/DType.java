package dev.kiln;

/**
 * The element types of the Python array API standard 2024.12.
 *
 * <p>{@code COMPLEX64} and {@code COMPLEX128} are named so that files and errors can speak of them;
 * no operation takes them yet.
 */
public enum DType {
  BOOL(Kind.BOOL, 1),
  INT8(Kind.SIGNED, 1),
  INT16(Kind.SIGNED, 2),
  INT32(Kind.SIGNED, 4),
  INT64(Kind.SIGNED, 8),
  UINT8(Kind.UNSIGNED, 1),
  UINT16(Kind.UNSIGNED, 2),
  UINT32(Kind.UNSIGNED, 4),
  UINT64(Kind.UNSIGNED, 8),
  FLOAT32(Kind.FLOAT, 4),
  FLOAT64(Kind.FLOAT, 8),
  COMPLEX64(Kind.COMPLEX, 8),
  COMPLEX128(Kind.COMPLEX, 16);

  /** What family a dtype belongs to. */
  public enum Kind {
    BOOL,
    SIGNED,
    UNSIGNED,
    FLOAT,
    COMPLEX
  }

  private final Kind kind;
  private final int bytes;

  DType(Kind kind, int bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /** The family of this dtype. */
  public Kind kind() {
    return kind;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** The size of one element in bits. */
  public int bits() {
    return bytes * 8;
  }

  /** Whether this is a signed or an unsigned integer; bool is not. */
  public boolean isInteger() {
    return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
  }

  /** Whether this is float32 or float64. */
  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /** Whether this is an unsigned integer. */
  public boolean isUnsigned() {
    return kind == Kind.UNSIGNED;
  }

  /** Whether this is an integer or a real floating-point type. */
  public boolean isNumeric() {
    return isInteger() || isFloat();
  }

  /**
   * The dtype that an operation on two arrays computes in.
   *
   * <p>Within a kind this is the standard's table. The standard leaves mixed kinds open; here they
   * follow NumPy where nothing is lost: bool gives way to any number, an integer of at most 16 bits
   * and float32 give float32, wider integers and float32 give float64. uint64 with a signed integer
   * has no common integer type and is an error.
   *
   * @throws KilnException where there is no such dtype
   */
  public static DType promote(DType a, DType b) {
    if (a == b) {
      return a;
    }
    if (a.kind == Kind.COMPLEX || b.kind == Kind.COMPLEX) {
      throw new KilnException(
          "cannot combine "
              + a
              + " and "
              + b
              + ": complex arrays are not supported yet; use their real parts");
    }
    if (a.kind == Kind.BOOL) {
      return b;
    }
    if (b.kind == Kind.BOOL) {
      return a;
    }
    if (a.kind == b.kind) {
      return a.bytes >= b.bytes ? a : b;
    }
    if (a.isFloat() || b.isFloat()) {
      DType real = a.isFloat() ? a : b;
      DType integer = a.isFloat() ? b : a;
      return real == FLOAT64 || integer.bytes > 2 ? FLOAT64 : FLOAT32;
    }
    DType signed = a.kind == Kind.SIGNED ? a : b;
    DType unsigned = a.kind == Kind.SIGNED ? b : a;
    if (signed.bytes > unsigned.bytes) {
      return signed;
    }
    return switch (unsigned) {
      case UINT8 -> INT16;
      case UINT16 -> INT32;
      case UINT32 -> INT64;
      default ->
          throw new KilnException(
              "cannot combine "
                  + a
                  + " and "
                  + b
                  + ": no integer dtype holds both; convert one with astype, for example to float64"
                  + " or int64");
    };
  }

  /** The standard's name: {@code float32}, {@code bool}, … */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The dtype of that name, as {@link #toString} gives it.
   *
   * @throws KilnException for an unknown name
   */
  public static DType of(String name) {
    for (DType dtype : values()) {
      if (dtype.toString().equals(name)) {
        return dtype;
      }
    }
    throw new KilnException(
        "unknown dtype '" + name + "'; expected one of " + java.util.Arrays.toString(values()));
  }
}
