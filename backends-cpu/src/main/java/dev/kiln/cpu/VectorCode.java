package dev.kiln.cpu;

import static dev.kiln.cpu.VectorApi.ASSOCIATIVE;
import static dev.kiln.cpu.VectorApi.BINARY;
import static dev.kiln.cpu.VectorApi.COMPARISON;
import static dev.kiln.cpu.VectorApi.CONVERSION;
import static dev.kiln.cpu.VectorApi.MASK;
import static dev.kiln.cpu.VectorApi.OPERATORS;
import static dev.kiln.cpu.VectorApi.SPECIES;
import static dev.kiln.cpu.VectorApi.TERNARY;
import static dev.kiln.cpu.VectorApi.UNARY;
import static dev.kiln.cpu.VectorApi.VECTOR;
import static dev.kiln.cpu.VectorApi.vector;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Objects;

/**
 * Emits vector code of single operations, on locals that hold vectors or masks of equally many
 * lanes.
 *
 * <p>Bool values are masks. A mask belongs to the lane type it was made from and is cast where it
 * meets another.
 */
final class VectorCode {
  private static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");

  /** A value in a local: a vector, or a mask of that lane type. */
  record Local(int slot, Carrier carrier, boolean mask) {}

  private final CodeBuilder code;
  private final Carrier maskHome;
  private final int order;

  /**
   * Begins with code that all others need.
   *
   * @param maskHome the lane type of masks that come from nowhere else
   */
  VectorCode(CodeBuilder code, Carrier maskHome) {
    this.code = code;
    this.maskHome = maskHome;
    code.invokestatic(ORDER, "nativeOrder", MethodTypeDesc.of(ORDER));
    this.order = storeReference();
  }

  /** The result of an instruction, which is no {@link Opcode#RARE} one. */
  Local apply(Instr.Apply apply, List<Instr> body, Local[] locals) {
    return apply.dtype() == DType.BOOL
        ? masked(apply, body, locals)
        : lanewise(apply, body, locals);
  }

  /** Of a bool operand, the bytes loaded as a mask. */
  Local loadedMask(Local bytes) {
    code.aload(bytes.slot);
    code.getstatic(OPERATORS, "NE", COMPARISON)
        .loadConstant(0)
        .invokevirtual(
            vector(Carrier.BYTE), "compare", MethodTypeDesc.of(MASK, COMPARISON, CD_byte));
    return keep(Carrier.BYTE, true);
  }

  /** Stores the vector or mask on the stack in a new local. */
  Local keep(Carrier carrier, boolean mask) {
    exact(carrier, mask);
    return new Local(storeReference(), carrier, mask);
  }

  /**
   * Tells the compiler the class of the vector or mask on the stack. Where it knows less it trusts
   * profiles that all loops share, and in a program of many loops these mislead it into boxing.
   */
  void exact(Carrier carrier, boolean mask) {
    VectorFields.type(code, carrier, mask);
    code.swap()
        .invokevirtual(CD_Class, "cast", MethodTypeDesc.of(CD_Object, CD_Object))
        .checkcast(mask ? MASK : vector(carrier));
  }

  /** The bits on the stack, a long, as a vector or mask. */
  Local broadcast(DType dtype) {
    Carrier carrier = Carrier.of(dtype);
    switch (carrier) {
      case BYTE -> code.l2i().i2b();
      case SHORT -> code.l2i().i2s();
      case INT -> code.l2i();
      case LONG -> {
        // As it is.
      }
      case FLOAT ->
          code.l2i()
              .invokestatic(
                  ClassDesc.of("java.lang.Float"),
                  "intBitsToFloat",
                  MethodTypeDesc.of(CD_float, CD_int));
      case DOUBLE ->
          code.invokestatic(
              ClassDesc.of("java.lang.Double"),
              "longBitsToDouble",
              MethodTypeDesc.of(CD_double, CD_long));
    }
    return dtype == DType.BOOL ? maskAll() : broadcastStored(carrier);
  }

  /** The scalar on the stack in all lanes. */
  Local broadcastStored(Carrier carrier) {
    int scalar = code.allocateLocal(carrier.kind);
    code.storeLocal(carrier.kind, scalar);
    VectorFields.species(code, carrier);
    code.loadLocal(carrier.kind, scalar)
        .invokestatic(
            vector(carrier),
            "broadcast",
            MethodTypeDesc.of(vector(carrier), SPECIES, carrier.stored));
    return keep(carrier, false);
  }

  /** The byte on the stack, 0 for false, as a mask. */
  Local maskAll() {
    code.invokestatic(
        ClassDesc.of(Scalars.class.getName()), "bool", MethodTypeDesc.of(CD_boolean, CD_byte));
    int scalar = code.allocateLocal(TypeKind.INT);
    code.istore(scalar);
    VectorFields.species(code, maskHome);
    code.iload(scalar).invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
    return keep(maskHome, true);
  }

  /**
   * Pushes the address of an element: the slot's address, an offset in elements, and an index where
   * there is one.
   */
  private void address(Carrier carrier, int addressSlot, int offset, int indexSlot) {
    code.lload(addressSlot);
    if (indexSlot >= 0) {
      code.iload(indexSlot).i2l();
      if (carrier.bytes > 1) {
        code.loadConstant(Integer.numberOfTrailingZeros(carrier.bytes)).lshl();
      }
      code.ladd();
    }
    if (offset > 0) {
      code.loadConstant((long) offset * carrier.bytes).ladd();
    }
  }

  Local load(Carrier carrier, int addressSlot, int offset, int indexSlot) {
    VectorFields.species(code, carrier);
    LoopClass.allOfMemory(code);
    address(carrier, addressSlot, offset, indexSlot);
    code.aload(order)
        .invokestatic(
            vector(carrier),
            "fromMemorySegment",
            MethodTypeDesc.of(vector(carrier), SPECIES, LoopClass.SEGMENT, CD_long, ORDER));
    return keep(carrier, false);
  }

  void store(Local value, int addressSlot, int offset, int indexSlot) {
    Carrier carrier = value.carrier;
    if (value.mask) {
      carrier = Carrier.BYTE;
      maskAsOnes(value, Carrier.BYTE);
    } else {
      code.aload(value.slot);
    }
    LoopClass.allOfMemory(code);
    address(carrier, addressSlot, offset, indexSlot);
    code.aload(order)
        .invokevirtual(
            vector(carrier),
            "intoMemorySegment",
            MethodTypeDesc.of(CD_void, LoopClass.SEGMENT, CD_long, ORDER));
  }

  /** Pushes a vector with 1 where the mask is set and 0 elsewhere. */
  private void maskAsOnes(Local mask, Carrier carrier) {
    VectorFields.species(code, carrier);
    pushScalar(carrier, 0);
    code.invokestatic(
        vector(carrier), "broadcast", MethodTypeDesc.of(vector(carrier), SPECIES, carrier.stored));
    pushScalar(carrier, 1);
    pushMask(mask, carrier);
    code.invokevirtual(
        vector(carrier), "blend", MethodTypeDesc.of(vector(carrier), carrier.stored, MASK));
  }

  private void pushScalar(Carrier carrier, int value) {
    switch (carrier) {
      case BYTE, SHORT, INT -> code.loadConstant(value);
      case LONG -> code.loadConstant((long) value);
      case FLOAT -> code.loadConstant((float) value);
      case DOUBLE -> code.loadConstant((double) value);
    }
  }

  /** Pushes a mask as one of that lane type. */
  private void pushMask(Local mask, Carrier carrier) {
    code.aload(mask.slot);
    if (mask.carrier != carrier) {
      VectorFields.species(code, carrier);
      code.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
    }
  }

  private int storeReference() {
    int slot = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(slot);
    return slot;
  }

  private Local masked(Instr.Apply apply, List<Instr> body, Local[] locals) {
    Local a = local(locals, apply.a());
    if (apply.op().group() == Opcode.Group.COMPARE && !a.mask) {
      code.aload(a.slot);
      boolean unsigned = body.get(apply.a()).dtype().isUnsigned();
      String name =
          switch (apply.op()) {
            case EQ, NE -> apply.op().name();
            default -> (unsigned ? "U" : "") + apply.op().name();
          };
      code.getstatic(OPERATORS, name, COMPARISON)
          .aload(local(locals, apply.b()).slot)
          .invokevirtual(vector(a.carrier), "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
      return keep(a.carrier, true);
    }
    Carrier carrier = a.carrier;
    switch (apply.op()) {
      case NOT -> {
        code.aload(a.slot);
        not();
      }
      case AND -> both(a, apply.b(), locals, "and");
      case OR -> both(a, apply.b(), locals, "or");
      case XOR, NE -> both(a, apply.b(), locals, "xor");
      case EQ -> {
        both(a, apply.b(), locals, "xor");
        not();
      }
      case GT -> both(a, apply.b(), locals, "andNot");
      case LE -> {
        both(a, apply.b(), locals, "andNot");
        not();
      }
      case LT -> {
        pushMask(local(locals, apply.b()), carrier);
        code.aload(a.slot);
        onMasks("andNot");
      }
      case GE -> {
        pushMask(local(locals, apply.b()), carrier);
        code.aload(a.slot);
        onMasks("andNot");
        not();
      }
      case SELECT -> {
        // (a & b) | (c & ~a)
        both(a, apply.b(), locals, "and");
        pushMask(local(locals, apply.c()), carrier);
        code.aload(a.slot);
        onMasks("andNot");
        onMasks("or");
      }
      default -> throw new AssertionError(apply + " on masks");
    }
    return keep(carrier, true);
  }

  private Local lanewise(Instr.Apply apply, List<Instr> body, Local[] locals) {
    DType type = apply.dtype();
    Carrier carrier = Carrier.of(type);
    Local a = local(locals, apply.a());
    switch (apply.op()) {
      case SELECT -> {
        code.aload(local(locals, apply.c()).slot).aload(local(locals, apply.b()).slot);
        pushMask(a, carrier);
        code.invokevirtual(
            vector(carrier), "blend", MethodTypeDesc.of(vector(carrier), VECTOR, MASK));
      }
      case CAST -> cast(a, body.get(apply.a()).dtype(), type);
      case BITCAST -> {
        code.aload(a.slot);
        if (a.carrier != carrier) {
          code.invokevirtual(
              VECTOR, "reinterpretAs" + carrier.word + "s", MethodTypeDesc.of(vector(carrier)));
        }
      }
      case ABS, NEG, SQRT, NOT -> {
        code.aload(a.slot);
        if (apply.op() != Opcode.ABS || !type.isUnsigned()) {
          code.getstatic(OPERATORS, apply.op().name(), UNARY)
              .invokevirtual(
                  vector(carrier), "lanewise", MethodTypeDesc.of(vector(carrier), UNARY));
        }
      }
      case FMA ->
          code.aload(a.slot)
              .getstatic(OPERATORS, "FMA", TERNARY)
              .aload(local(locals, apply.b()).slot)
              .aload(local(locals, apply.c()).slot)
              .invokevirtual(
                  vector(carrier),
                  "lanewise",
                  MethodTypeDesc.of(vector(carrier), TERNARY, VECTOR, VECTOR));
      case SHL, SHR -> shift(apply, a, body.get(apply.b()), local(locals, apply.b()));
      default -> {
        code.aload(a.slot).aload(local(locals, apply.b()).slot);
        binary(apply.op(), type);
      }
    }
    return keep(carrier, false);
  }

  static Local local(Local[] locals, int at) {
    return Objects.requireNonNull(locals[at]);
  }

  private void both(Local a, int b, Local[] locals, String operation) {
    code.aload(a.slot);
    pushMask(local(locals, b), a.carrier);
    onMasks(operation);
  }

  private void onMasks(String operation) {
    code.invokevirtual(MASK, operation, MethodTypeDesc.of(MASK, MASK));
  }

  private void not() {
    code.invokevirtual(MASK, "not", MethodTypeDesc.of(MASK));
  }

  /** Two vectors are on the stack. */
  void binary(Opcode op, DType type) {
    Carrier carrier = Carrier.of(type);
    int second = storeReference();
    boolean raw = type.isUnsigned() && (op == Opcode.MIN || op == Opcode.MAX);
    boolean associative = op != Opcode.SUB && op != Opcode.DIV;
    code.getstatic(OPERATORS, (raw ? "U" : "") + op.name(), associative ? ASSOCIATIVE : BINARY)
        .aload(second)
        .invokevirtual(
            vector(carrier), "lanewise", MethodTypeDesc.of(vector(carrier), BINARY, VECTOR));
  }

  private void shift(Instr.Apply apply, Local a, Instr by, Local amount) {
    DType type = apply.dtype();
    Carrier carrier = Carrier.of(type);
    String name = apply.op() == Opcode.SHL ? "LSHL" : type.isUnsigned() ? "LSHR" : "ASHR";
    code.aload(a.slot).getstatic(OPERATORS, name, BINARY);
    if (by instanceof Instr.Const constant) {
      int bits = (int) constant.bits() & (type.bits() - 1);
      if (carrier == Carrier.LONG) {
        code.loadConstant((long) bits);
      } else {
        code.loadConstant(bits);
      }
      code.invokevirtual(
          vector(carrier), "lanewise", MethodTypeDesc.of(vector(carrier), BINARY, carrier.stored));
    } else {
      code.aload(amount.slot)
          .invokevirtual(
              vector(carrier), "lanewise", MethodTypeDesc.of(vector(carrier), BINARY, VECTOR));
    }
  }

  private void cast(Local a, DType from, DType to) {
    Carrier target = Carrier.of(to);
    if (a.mask) {
      maskAsOnes(a, target);
      return;
    }
    code.aload(a.slot);
    if (from == DType.UINT32 && to.isFloat()) {
      unsignedToFloat(target);
      return;
    }
    Carrier source = a.carrier;
    if (!source.isFloat() && target.isFloat() && source.bytes < 4) {
      convert(source, Carrier.INT, from.isUnsigned());
      source = Carrier.INT;
    }
    convert(source, target, from.isUnsigned());
  }

  private void convert(Carrier source, Carrier target, boolean unsigned) {
    if (source == target) {
      return;
    }
    boolean extend = unsigned && !target.isFloat() && target.bytes > source.bytes;
    code.getstatic(
        OPERATORS,
        (extend ? "ZERO_EXTEND_" : "") + source.letter + "2" + target.letter,
        CONVERSION);
    VectorFields.species(code, target);
    code.loadConstant(0)
        .invokevirtual(
            VECTOR, "convertShape", MethodTypeDesc.of(VECTOR, CONVERSION, SPECIES, CD_int))
        .checkcast(vector(target));
  }

  /**
   * The uint32 vector on the stack as floats: both halves are exact, and their sum is rounded once.
   */
  private void unsignedToFloat(Carrier target) {
    ClassDesc ints = vector(Carrier.INT);
    ClassDesc floats = vector(target);
    MethodTypeDesc withInt = MethodTypeDesc.of(ints, BINARY, CD_int);
    MethodTypeDesc withScalar = MethodTypeDesc.of(floats, BINARY, target.stored);
    int value = storeReference();
    code.aload(value).getstatic(OPERATORS, "LSHR", BINARY).loadConstant(16);
    code.invokevirtual(ints, "lanewise", withInt);
    convert(Carrier.INT, target, false);
    code.getstatic(OPERATORS, "MUL", ASSOCIATIVE);
    pushScalar(target, 65536);
    code.invokevirtual(floats, "lanewise", withScalar).getstatic(OPERATORS, "ADD", ASSOCIATIVE);
    code.aload(value).getstatic(OPERATORS, "AND", ASSOCIATIVE).loadConstant(0xffff);
    code.invokevirtual(ints, "lanewise", withInt);
    convert(Carrier.INT, target, false);
    code.invokevirtual(floats, "lanewise", MethodTypeDesc.of(floats, BINARY, VECTOR));
  }
}
