package dev.kiln.kernel;

/**
 * The operations that a kernel's body is made of.
 *
 * <p>All but the {@link Group#LIBRARY} ones are rounded correctly by IEEE 754 or exact, so that
 * every backend computes the same bits. What each one means, bit by bit, is defined by {@link
 * ScalarMeaning}.
 */
public enum Opcode {
  // Arithmetic, on floats (rounded to nearest even) and integers (wrapping).
  ADD(2, Group.ARITHMETIC),
  SUB(2, Group.ARITHMETIC),
  MUL(2, Group.ARITHMETIC),
  NEG(1, Group.ARITHMETIC),
  ABS(1, Group.ARITHMETIC),
  /** As {@code Math.min}: NaN wins, −0 is below +0; integers by their signedness. */
  MIN(2, Group.ARITHMETIC),
  /** As {@code Math.max}: NaN wins, +0 is above −0; integers by their signedness. */
  MAX(2, Group.ARITHMETIC),
  /** Floating-point division. */
  DIV(2, Group.ARITHMETIC),
  /** Fused multiply-add a * b + c, rounded once; floats only. */
  FMA(3, Group.ARITHMETIC),
  SQRT(1, Group.ARITHMETIC),
  /** Integer division rounded down; 0 for a zero divisor; the most negative value over −1 wraps. */
  FLOOR_DIV(2, Group.INTEGER_DIVISION),
  /** Integer remainder with the sign of the divisor; 0 for a zero divisor. */
  FLOOR_MOD(2, Group.INTEGER_DIVISION),

  // On integers and bool.
  AND(2, Group.BITWISE),
  OR(2, Group.BITWISE),
  XOR(2, Group.BITWISE),
  NOT(1, Group.BITWISE),
  /** Shift left by b modulo the number of bits; integers only. */
  SHL(2, Group.BITWISE),
  /**
   * Shift right by b modulo the number of bits, arithmetic on signed and logical on unsigned
   * integers.
   */
  SHR(2, Group.BITWISE),

  // The result is bool; the arguments share a dtype. NaN is unequal to everything and unordered.
  EQ(2, Group.COMPARE),
  NE(2, Group.COMPARE),
  LT(2, Group.COMPARE),
  LE(2, Group.COMPARE),
  GT(2, Group.COMPARE),
  GE(2, Group.COMPARE),

  /** a ? b : c with a bool. */
  SELECT(3, Group.CHOICE),
  /**
   * a ? b : c with a bool that is hardly ever true, where b is dear: a {@link Group#LIBRARY} call,
   * or many operations. Vector code computes c alone and leaves its loop where any lane is true;
   * scalar code goes on from there, and computes b only where it is asked for.
   */
  RARE(3, Group.CHOICE),

  /**
   * To the instruction's dtype: between integers by wrapping, from bool to 0 or 1, from integers to
   * floats and between floats by rounding to nearest even, from floats to INT32 and INT64 (no other
   * integers) towards zero, saturating, NaN to 0.
   */
  CAST(1, Group.CONVERSION),
  /** The same bits as the instruction's dtype of equal width. */
  BITCAST(1, Group.CONVERSION),

  // Library calls, element by element, for what composites leave over.
  /**
   * Integer power by wrapping multiplication; for a negative exponent 1, −1 or 0 as the exact value
   * truncates.
   */
  INTEGER_POW(2, Group.LIBRARY),
  /** Floating-point floor division, as NumPy defines it from {@code fmod}. */
  FLOAT_FLOOR_DIV(2, Group.LIBRARY),
  /**
   * Floating-point remainder with the sign of the divisor, as NumPy defines it from {@code fmod}.
   */
  FLOAT_FLOOR_MOD(2, Group.LIBRARY);

  /** What kind of code an operation needs. */
  public enum Group {
    ARITHMETIC,
    INTEGER_DIVISION,
    BITWISE,
    COMPARE,
    CHOICE,
    CONVERSION,
    LIBRARY
  }

  private final int arity;
  private final Group group;

  Opcode(int arity, Group group) {
    this.arity = arity;
    this.group = group;
  }

  /** The number of arguments, 1 to 3. */
  public int arity() {
    return arity;
  }

  /** What kind of code the operation needs. */
  public Group group() {
    return group;
  }
}
