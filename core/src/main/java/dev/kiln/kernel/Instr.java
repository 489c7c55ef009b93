package dev.kiln.kernel;

import dev.kiln.DType;

/**
 * One instruction of a kernel's body, in SSA form: its number is its place in the body, its
 * arguments are smaller numbers.
 */
public sealed interface Instr {
  /** The dtype of the value that the instruction makes. */
  DType dtype();

  /** Reads the current element of an operand. */
  record Load(DType dtype, int operand) implements Instr {}

  /** A scalar given at launch, so that one kernel serves every value of it. */
  record Param(DType dtype, int index) implements Instr {}

  /**
   * A scalar that belongs to the kernel, such as a polynomial's coefficient; {@link Bits} has its
   * form.
   */
  record Const(DType dtype, long bits) implements Instr {}

  /** An operation; arguments beyond its arity are −1. */
  record Apply(Opcode op, DType dtype, int a, int b, int c) implements Instr {
    /** The k-th argument, {@code 0 <= k < op.arity()}. */
    public int argument(int k) {
      return switch (k) {
        case 0 -> a;
        case 1 -> b;
        case 2 -> c;
        default -> throw new AssertionError("argument " + k);
      };
    }
  }
}
