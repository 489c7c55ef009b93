package dev.kiln.kernel;

import dev.kiln.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a kernel's body. Equal instructions become one, so that what two functions share is
 * computed once.
 *
 * <p>Values are handled as {@link Value}s, which read like formulas: {@code x.mul(y).add(one)}.
 */
public final class Body {
  private final List<Instr> instrs = new ArrayList<>();
  private final Map<Instr, Integer> numbers = new HashMap<>();

  /** Reads an operand. */
  public Value load(DType dtype, int operand) {
    return emit(new Instr.Load(dtype, operand));
  }

  /** A scalar given at launch. */
  public Value param(DType dtype, int index) {
    return emit(new Instr.Param(dtype, index));
  }

  /** A scalar of the kernel's own, in the form of {@link Bits}. */
  public Value constant(DType dtype, long bits) {
    return emit(new Instr.Const(dtype, bits));
  }

  /** Applies an operation; the result has the given dtype. */
  public Value apply(Opcode op, DType dtype, Value... arguments) {
    if (arguments.length != op.arity()) {
      throw new AssertionError(op + " takes " + op.arity() + " arguments, got " + arguments.length);
    }
    int[] numbersOf = {-1, -1, -1};
    for (int k = 0; k < arguments.length; k++) {
      if (arguments[k].body != this) {
        throw new AssertionError("a value of another body");
      }
      numbersOf[k] = arguments[k].number;
    }
    return emit(new Instr.Apply(op, dtype, numbersOf[0], numbersOf[1], numbersOf[2]));
  }

  /** The instructions so far. */
  public List<Instr> instrs() {
    return List.copyOf(instrs);
  }

  /** The number of instructions so far. */
  public int size() {
    return instrs.size();
  }

  private Value emit(Instr instr) {
    int number =
        numbers.computeIfAbsent(
            instr,
            added -> {
              instrs.add(added);
              return instrs.size() - 1;
            });
    return new Value(this, number, instr.dtype());
  }

  /** A value of a body: an instruction and the dtype it makes. */
  public static final class Value {
    private final Body body;
    private final int number;
    private final DType dtype;

    private Value(Body body, int number, DType dtype) {
      this.body = body;
      this.number = number;
      this.dtype = dtype;
    }

    /** The instruction's number. */
    public int number() {
      return number;
    }

    /** The dtype of the value. */
    public DType dtype() {
      return dtype;
    }

    /** The body that the value belongs to. */
    public Body body() {
      return body;
    }

    /** A constant of this value's dtype; a whole number for integers. */
    public Value like(double constant) {
      return body.constant(
          dtype,
          dtype.isFloat() ? Bits.ofDouble(dtype, constant) : Bits.wrap(dtype, (long) constant));
    }

    /** An integer constant of this value's dtype. */
    public Value like(long constant) {
      return body.constant(dtype, Bits.ofLong(dtype, constant));
    }

    public Value add(Value other) {
      return body.apply(Opcode.ADD, dtype, this, other);
    }

    public Value add(double constant) {
      return add(like(constant));
    }

    public Value sub(Value other) {
      return body.apply(Opcode.SUB, dtype, this, other);
    }

    public Value sub(double constant) {
      return sub(like(constant));
    }

    public Value mul(Value other) {
      return body.apply(Opcode.MUL, dtype, this, other);
    }

    public Value mul(double constant) {
      return mul(like(constant));
    }

    public Value div(Value other) {
      return body.apply(Opcode.DIV, dtype, this, other);
    }

    /** this * factor + addend, rounded once. */
    public Value fma(Value factor, Value addend) {
      return body.apply(Opcode.FMA, dtype, this, factor, addend);
    }

    /** this * factor + addend, rounded once. */
    public Value fma(double factor, Value addend) {
      return fma(like(factor), addend);
    }

    /** this * factor + addend, rounded once. */
    public Value fma(Value factor, double addend) {
      return fma(factor, like(addend));
    }

    public Value neg() {
      return body.apply(Opcode.NEG, dtype, this);
    }

    public Value abs() {
      return body.apply(Opcode.ABS, dtype, this);
    }

    public Value sqrt() {
      return body.apply(Opcode.SQRT, dtype, this);
    }

    public Value min(Value other) {
      return body.apply(Opcode.MIN, dtype, this, other);
    }

    public Value max(Value other) {
      return body.apply(Opcode.MAX, dtype, this, other);
    }

    public Value and(Value other) {
      return body.apply(Opcode.AND, dtype, this, other);
    }

    public Value and(long mask) {
      return and(like(mask));
    }

    public Value or(Value other) {
      return body.apply(Opcode.OR, dtype, this, other);
    }

    public Value or(long mask) {
      return or(like(mask));
    }

    public Value xor(Value other) {
      return body.apply(Opcode.XOR, dtype, this, other);
    }

    public Value xor(long mask) {
      return xor(like(mask));
    }

    public Value not() {
      return body.apply(Opcode.NOT, dtype, this);
    }

    public Value shl(long count) {
      return body.apply(Opcode.SHL, dtype, this, like(count));
    }

    public Value shr(long count) {
      return body.apply(Opcode.SHR, dtype, this, like(count));
    }

    public Value eq(Value other) {
      return body.apply(Opcode.EQ, DType.BOOL, this, other);
    }

    public Value eq(double constant) {
      return eq(like(constant));
    }

    public Value ne(Value other) {
      return body.apply(Opcode.NE, DType.BOOL, this, other);
    }

    public Value ne(double constant) {
      return ne(like(constant));
    }

    public Value lt(Value other) {
      return body.apply(Opcode.LT, DType.BOOL, this, other);
    }

    public Value lt(double constant) {
      return lt(like(constant));
    }

    public Value le(Value other) {
      return body.apply(Opcode.LE, DType.BOOL, this, other);
    }

    public Value le(double constant) {
      return le(like(constant));
    }

    public Value gt(Value other) {
      return body.apply(Opcode.GT, DType.BOOL, this, other);
    }

    public Value gt(double constant) {
      return gt(like(constant));
    }

    public Value ge(Value other) {
      return body.apply(Opcode.GE, DType.BOOL, this, other);
    }

    public Value ge(double constant) {
      return ge(like(constant));
    }

    /** this ? yes : no, this being bool. */
    public Value select(Value yes, Value no) {
      return body.apply(Opcode.SELECT, yes.dtype, this, yes, no);
    }

    public Value cast(DType to) {
      return to == dtype ? this : body.apply(Opcode.CAST, to, this);
    }

    /** The same bits as another dtype of equal width. */
    public Value bitcast(DType to) {
      return body.apply(Opcode.BITCAST, to, this);
    }
  }
}
