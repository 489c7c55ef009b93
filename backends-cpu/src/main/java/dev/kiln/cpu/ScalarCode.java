package dev.kiln.cpu;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.function.Library;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Emits scalar code of single operations, on locals of the types that {@link Carrier} names.
 *
 * <p>Integers of fewer than 32 bits are {@code int} in the form of {@link Bits}; uint32 is the raw
 * {@code int}.
 */
final class ScalarCode {
  private static final ClassDesc SCALARS = ClassDesc.of(Scalars.class.getName());
  private static final ClassDesc LIBRARY = ClassDesc.of(Library.class.getName());
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  private static final ClassDesc DOUBLE = ClassDesc.of("java.lang.Double");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");

  private final CodeBuilder code;

  ScalarCode(CodeBuilder code) {
    this.code = code;
  }

  /** Stores what is on the stack in a new local; its slot. */
  int storeNew(Carrier carrier) {
    int slot = code.allocateLocal(carrier.kind);
    code.storeLocal(carrier.kind, slot);
    return slot;
  }

  /** The arguments are on the stack; leaves the result there. */
  void apply(Opcode op, DType type, DType argument) {
    Carrier carrier = Carrier.of(type);
    switch (op) {
      case ADD -> arithmetic(type, code::iadd, code::ladd, code::fadd, code::dadd);
      case SUB -> arithmetic(type, code::isub, code::lsub, code::fsub, code::dsub);
      case MUL -> arithmetic(type, code::imul, code::lmul, code::fmul, code::dmul);
      case NEG -> arithmetic(type, code::ineg, code::lneg, code::fneg, code::dneg);
      case ABS -> {
        if (!type.isUnsigned()) {
          math("abs", carrier, 1);
          normalise(type);
        }
      }
      case MIN -> minimum(type, true);
      case MAX -> minimum(type, false);
      case DIV -> {
        if (carrier == Carrier.FLOAT) {
          code.fdiv();
        } else {
          code.ddiv();
        }
      }
      case FMA -> math("fma", carrier, 3);
      case SQRT ->
          code.invokestatic(SCALARS, "sqrt", MethodTypeDesc.of(carrier.local, carrier.local));
      case FLOOR_DIV -> division("loorDiv", type);
      case FLOOR_MOD -> division("loorMod", type);
      case AND -> integer(carrier, code::iand, code::land);
      case OR -> integer(carrier, code::ior, code::lor);
      case XOR -> integer(carrier, code::ixor, code::lxor);
      case NOT -> {
        if (carrier == Carrier.LONG) {
          code.loadConstant(-1L).lxor();
        } else {
          code.loadConstant(type == DType.BOOL ? 1 : -1).ixor();
          normalise(type);
        }
      }
      case SHL -> {
        amount(type);
        integer(carrier, code::ishl, code::lshl);
        normalise(type);
      }
      case SHR -> {
        amount(type);
        if (type.isUnsigned()) {
          integer(carrier, code::iushr, code::lushr);
        } else {
          integer(carrier, code::ishr, code::lshr);
        }
      }
      case EQ -> compare("eq", argument);
      case NE -> compare("ne", argument);
      case LT -> compare("lt", argument);
      case LE -> compare("le", argument);
      case GT -> compare("gt", argument);
      case GE -> compare("ge", argument);
      case SELECT ->
          code.invokestatic(
              SCALARS,
              "select",
              MethodTypeDesc.of(carrier.local, CD_boolean, carrier.local, carrier.local));
      case CAST -> cast(argument, type);
      case BITCAST -> bitcast(argument, type);
      case INTEGER_POW -> integerPower(type);
      case FLOAT_FLOOR_DIV -> library("floorDivide", carrier, 2);
      case FLOAT_FLOOR_MOD -> library("floorMod", carrier, 2);
      case RARE -> throw new AssertionError("emitted as a branch");
    }
  }

  private void arithmetic(
      DType type, Runnable ints, Runnable longs, Runnable floats, Runnable doubles) {
    switch (Carrier.of(type)) {
      case BYTE, SHORT, INT -> {
        ints.run();
        normalise(type);
      }
      case LONG -> longs.run();
      case FLOAT -> floats.run();
      case DOUBLE -> doubles.run();
    }
  }

  private static void integer(Carrier carrier, Runnable ints, Runnable longs) {
    if (carrier == Carrier.LONG) {
      longs.run();
    } else {
      ints.run();
    }
  }

  private void math(String name, Carrier carrier, int arity) {
    code.invokestatic(MATH, name, function(carrier, arity));
  }

  private void library(String name, Carrier carrier, int arity) {
    code.invokestatic(LIBRARY, name, function(carrier, arity));
  }

  private static MethodTypeDesc function(Carrier carrier, int arity) {
    List<ClassDesc> parameters = new ArrayList<>();
    for (int k = 0; k < arity; k++) {
      parameters.add(carrier.local);
    }
    return MethodTypeDesc.of(carrier.local, parameters);
  }

  private void minimum(DType type, boolean smaller) {
    Carrier carrier = Carrier.of(type);
    if (type == DType.UINT32 || type == DType.UINT64) {
      code.invokestatic(SCALARS, smaller ? "unsignedMin" : "unsignedMax", function(carrier, 2));
    } else {
      math(smaller ? "min" : "max", carrier, 2);
    }
  }

  private void division(String name, DType type) {
    Carrier carrier = Carrier.of(type);
    boolean raw = type == DType.UINT32 || type == DType.UINT64;
    code.invokestatic(SCALARS, (raw ? "unsignedF" : "f") + name, function(carrier, 2));
    normalise(type);
  }

  /** The shift amount, on top of the stack, modulo the number of bits as an int. */
  private void amount(DType type) {
    if (Carrier.of(type) == Carrier.LONG) {
      code.l2i();
    }
    code.loadConstant(type.bits() - 1).iand();
  }

  private void compare(String name, DType argument) {
    Carrier carrier = Carrier.of(argument);
    if (argument == DType.UINT32 || argument == DType.UINT64) {
      // Flipping the top bit turns unsigned order into signed order.
      int second = storeNew(carrier);
      flipTop(carrier);
      code.loadLocal(carrier.kind, second);
      flipTop(carrier);
    }
    code.invokestatic(SCALARS, name, MethodTypeDesc.of(CD_boolean, carrier.local, carrier.local));
  }

  private void flipTop(Carrier carrier) {
    if (carrier == Carrier.LONG) {
      code.loadConstant(Long.MIN_VALUE).lxor();
    } else {
      code.loadConstant(Integer.MIN_VALUE).ixor();
    }
  }

  private void integerPower(DType type) {
    Carrier carrier = Carrier.of(type);
    int exponent = storeNew(carrier);
    widen(type);
    code.loadLocal(carrier.kind, exponent);
    widen(type);
    code.loadConstant(type.isUnsigned() ? 1 : 0)
        .invokestatic(
            LIBRARY, "integerPow", MethodTypeDesc.of(CD_long, CD_long, CD_long, CD_boolean));
    if (carrier != Carrier.LONG) {
      code.l2i();
      normalise(type);
    }
  }

  /** An integer local to a long in the form of {@link Bits}. */
  private void widen(DType type) {
    if (type == DType.UINT32) {
      code.invokestatic(INTEGER, "toUnsignedLong", MethodTypeDesc.of(CD_long, CD_int));
    } else if (Carrier.of(type) != Carrier.LONG) {
      code.i2l();
    }
  }

  private void cast(DType from, DType to) {
    Carrier a = Carrier.of(from);
    Carrier b = Carrier.of(to);
    if (a.isFloat()) {
      switch (b) {
        case FLOAT -> code.d2f();
        case DOUBLE -> code.f2d();
        case INT -> integer(a == Carrier.FLOAT ? Carrier.INT : Carrier.LONG, code::f2i, code::d2i);
        case LONG -> integer(a == Carrier.FLOAT ? Carrier.INT : Carrier.LONG, code::f2l, code::d2l);
        case BYTE, SHORT -> throw new AssertionError("no direct cast " + from + " to " + to);
      }
      return;
    }
    switch (b) {
      case FLOAT, DOUBLE -> {
        if (from == DType.UINT64) {
          code.invokestatic(
              SCALARS,
              b == Carrier.FLOAT ? "unsignedToFloat" : "unsignedToDouble",
              MethodTypeDesc.of(b.local, CD_long));
        } else if (from == DType.UINT32 || from == DType.INT64) {
          widen(from);
          integer(b == Carrier.FLOAT ? Carrier.INT : Carrier.LONG, code::l2f, code::l2d);
        } else {
          integer(b == Carrier.FLOAT ? Carrier.INT : Carrier.LONG, code::i2f, code::i2d);
        }
      }
      case LONG -> widen(from);
      case BYTE, SHORT, INT -> {
        if (a == Carrier.LONG) {
          code.l2i();
        }
        normalise(to);
      }
    }
  }

  private void bitcast(DType from, DType to) {
    Carrier a = Carrier.of(from);
    Carrier b = Carrier.of(to);
    if (a == b) {
      normalise(to);
    } else if (a == Carrier.FLOAT) {
      code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
    } else if (a == Carrier.DOUBLE) {
      code.invokestatic(DOUBLE, "doubleToRawLongBits", MethodTypeDesc.of(CD_long, CD_double));
    } else if (b == Carrier.FLOAT) {
      code.invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
    } else {
      code.invokestatic(DOUBLE, "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
    }
  }

  /** Wraps an int to an integer dtype of fewer bits. */
  private void normalise(DType type) {
    switch (type) {
      case INT8 -> code.i2b();
      case INT16 -> code.i2s();
      case UINT8 -> code.loadConstant(0xff).iand();
      case UINT16 -> code.loadConstant(0xffff).iand();
      default -> {
        // All its bits count.
      }
    }
  }
}
