package dev.kiln.cpu;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.function.Library;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Emits a kernel of one loop dimension as a plain loop: any instruction, any stride. It is quick in
 * a cold JVM, does what vector code leaves over, and is all there is for what has no vector form.
 *
 * <p>Integers of fewer than 32 bits live in {@code int} locals in the form of {@link Bits}; uint32
 * is the raw {@code int}.
 */
final class ScalarEmitter {
  private static final ClassDesc SCALARS = ClassDesc.of(Scalars.class.getName());
  private static final ClassDesc LIBRARY = ClassDesc.of(Library.class.getName());
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  private static final ClassDesc DOUBLE = ClassDesc.of("java.lang.Double");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");

  private final Kernel kernel;
  private final List<Instr> body;
  private final Needed needed;
  private final CodeBuilder code;

  /**
   * The slot of each operand's address or, of a broadcast one, its value; of each operand's stride;
   * −1 for none.
   */
  private final int[] operandSlots;

  private final int[] strideSlots;
  private final int[] paramSlots;
  private final int[] outputSlots;
  private final int[] outputStrideSlots;
  private int index;

  private ScalarEmitter(Kernel kernel, CodeBuilder code) {
    this.kernel = kernel;
    this.body = kernel.body();
    this.needed = Needed.by(body, kernel.outputs().stream().map(Output::value).toList());
    this.code = code;
    this.operandSlots = new int[kernel.operands().size()];
    this.strideSlots = new int[kernel.operands().size()];
    this.paramSlots = new int[kernel.params().size()];
    this.outputSlots = new int[kernel.outputs().size()];
    this.outputStrideSlots = new int[kernel.outputs().size()];
  }

  /** The loop of a kernel with one loop dimension. */
  static Loop emit(Kernel kernel) {
    return LoopClass.define(
        LoopClass.name("Scalar"), builder -> {}, code -> new ScalarEmitter(kernel, code).run());
  }

  private void run() {
    readArguments();
    index = code.allocateLocal(java.lang.classfile.TypeKind.INT);
    code.iload(LoopClass.FROM).istore(index);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(index).iload(LoopClass.TO).if_icmpge(end);
    int[] slots = new int[body.size()];
    for (int at = 0; at < body.size(); at++) {
      if (needed.usually(at)) {
        define(at, slots);
      }
    }
    for (int o = 0; o < kernel.outputs().size(); o++) {
      switch (kernel.outputs().get(o)) {
        case Output.Store store -> store(store, o, slots);
        case Output.Reduce reduce -> accumulate(reduce, o, slots);
      }
    }
    code.iinc(index, 1).goto_(top).labelBinding(end).iload(index).ireturn();
  }

  private void readArguments() {
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      Carrier carrier = Carrier.of(operand.dtype());
      LoopClass.argument(code, Loop.Arguments.operand(k));
      if (operand.access() == Operand.Access.BROADCAST) {
        if (operand.source() == Operand.Source.MEMORY) {
          int address = storeNew(Carrier.LONG);
          load(operand.dtype(), () -> code.lload(address));
        }
        operandSlots[k] = storeNew(carrier);
      } else {
        operandSlots[k] = storeNew(Carrier.LONG);
        if (operand.access() == Operand.Access.STRIDED
            || operand.source() == Operand.Source.INDEX) {
          LoopClass.argument(code, Loop.Arguments.operand(k) + 1);
          strideSlots[k] = storeNew(Carrier.LONG);
        }
      }
    }
    for (int p = 0; p < paramSlots.length; p++) {
      LoopClass.argument(code, Loop.Arguments.param(kernel, p));
      DType dtype = kernel.params().get(p);
      switch (Carrier.of(dtype)) {
        case BYTE, SHORT, INT -> code.l2i();
        case LONG -> {
          // Already a long.
        }
        case FLOAT ->
            code.l2i().invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
        case DOUBLE ->
            code.invokestatic(DOUBLE, "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
      }
      paramSlots[p] = storeNew(Carrier.of(dtype));
    }
    for (int o = 0; o < outputSlots.length; o++) {
      LoopClass.argument(code, Loop.Arguments.output(kernel, o));
      outputSlots[o] = storeNew(Carrier.LONG);
      if (kernel.outputs().get(o) instanceof Output.Store(var d, var v, Operand.Access access)
          && access == Operand.Access.STRIDED) {
        LoopClass.argument(code, Loop.Arguments.output(kernel, o) + 1);
        outputStrideSlots[o] = storeNew(Carrier.LONG);
      }
    }
  }

  private int storeNew(Carrier carrier) {
    int slot = code.allocateLocal(carrier.kind);
    code.storeLocal(carrier.kind, slot);
    return slot;
  }

  /** Emits an instruction into a new local. */
  private void define(int at, int[] slots) {
    Instr instr = body.get(at);
    switch (instr) {
      case Instr.Const constant -> {
        // Pushed where it is used.
      }
      case Instr.Param param -> slots[at] = paramSlots[param.index()];
      case Instr.Load load -> {
        Operand operand = kernel.operands().get(load.operand());
        if (operand.access() == Operand.Access.BROADCAST) {
          slots[at] = operandSlots[load.operand()];
        } else {
          loadElement(operand, load.operand());
          slots[at] = storeNew(Carrier.of(operand.dtype()));
        }
      }
      case Instr.Apply apply -> {
        if (apply.op() == Opcode.RARE) {
          if (slots[at] == 0) { // not done with the one before
            rare(at, slots);
          }
        } else {
          for (int k = 0; k < apply.op().arity(); k++) {
            push(apply.argument(k), slots);
          }
          apply(apply, body.get(apply.a()).dtype());
          slots[at] = storeNew(Carrier.of(apply.dtype()));
        }
      }
    }
  }

  /** One branch for an instruction and those that can share it. */
  private void rare(int first, int[] slots) {
    List<Integer> group = needed.sharingBranch(first);
    Label usual = code.newLabel();
    Label end = code.newLabel();
    int[] inside = slots.clone();
    for (int at : group) {
      slots[at] = code.allocateLocal(carrier(at).kind);
    }
    push(needed.rareAt(first).a(), slots);
    code.ifeq(usual);
    for (int at : needed.rarely(group)) {
      define(at, inside);
    }
    for (int at : group) {
      push(needed.rareAt(at).b(), inside);
      code.storeLocal(carrier(at).kind, slots[at]);
    }
    code.goto_(end).labelBinding(usual);
    for (int at : group) {
      push(needed.rareAt(at).c(), slots);
      code.storeLocal(carrier(at).kind, slots[at]);
    }
    code.labelBinding(end);
  }

  private Carrier carrier(int at) {
    return Carrier.of(body.get(at).dtype());
  }

  private void push(int at, int[] slots) {
    if (body.get(at) instanceof Instr.Const(DType dtype, long bits)) {
      switch (Carrier.of(dtype)) {
        case BYTE, SHORT, INT -> code.loadConstant((int) bits);
        case LONG -> code.loadConstant(bits);
        case FLOAT -> pushFloat(bits);
        case DOUBLE -> pushDouble(bits);
      }
    } else {
      code.loadLocal(Carrier.of(body.get(at).dtype()).kind, slots[at]);
    }
  }

  // A constant pool may change a NaN's payload; its bits are pushed instead.
  private void pushFloat(long bits) {
    float value = Bits.toFloat(bits);
    if (Float.isNaN(value)) {
      code.loadConstant((int) bits)
          .invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
    } else {
      code.loadConstant(value);
    }
  }

  private void pushDouble(long bits) {
    double value = Bits.toDouble(bits);
    if (Double.isNaN(value)) {
      code.loadConstant(bits)
          .invokestatic(DOUBLE, "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
    } else {
      code.loadConstant(value);
    }
  }

  private void loadElement(Operand operand, int k) {
    if (operand.source() == Operand.Source.INDEX) {
      code.lload(operandSlots[k]).iload(index).i2l().lload(strideSlots[k]).lmul().ladd();
    } else if (operand.access() == Operand.Access.STRIDED) {
      load(
          operand.dtype(),
          () -> code.lload(operandSlots[k]).iload(index).i2l().lload(strideSlots[k]).lmul().ladd());
    } else {
      load(operand.dtype(), () -> contiguous(operandSlots[k], Carrier.of(operand.dtype())));
    }
  }

  private void contiguous(int addressSlot, Carrier carrier) {
    code.lload(addressSlot).iload(index).i2l();
    scale(carrier);
    code.ladd();
  }

  private void scale(Carrier carrier) {
    int shift = Integer.numberOfTrailingZeros(carrier.bytes);
    if (shift > 0) {
      code.loadConstant(shift).lshl();
    }
  }

  private void load(DType dtype, Runnable address) {
    Carrier carrier = Carrier.of(dtype);
    LoopClass.allOfMemory(code);
    ClassDesc layout = LoopClass.layout(code, carrier);
    address.run();
    code.invokeinterface(
        LoopClass.SEGMENT, "get", MethodTypeDesc.of(carrier.stored, layout, CD_long));
    switch (dtype) {
      case BOOL -> code.invokestatic(SCALARS, "bool", MethodTypeDesc.of(CD_boolean, CD_byte));
      case UINT8 -> code.loadConstant(0xff).iand();
      case UINT16 -> code.loadConstant(0xffff).iand();
      default -> {
        // As it lies in memory.
      }
    }
  }

  private void store(Output.Store store, int o, int[] slots) {
    Carrier carrier = Carrier.of(store.dtype());
    write(
        carrier,
        () -> {
          if (store.access() == Operand.Access.STRIDED) {
            code.lload(outputSlots[o]).iload(index).i2l().lload(outputStrideSlots[o]).lmul().ladd();
          } else {
            contiguous(outputSlots[o], carrier);
          }
        },
        () -> push(store.value(), slots));
  }

  /** Lane index mod W of the block's lanes becomes itself op value. */
  private void accumulate(Output.Reduce reduce, int o, int[] slots) {
    DType dtype = reduce.dtype();
    Carrier carrier = Carrier.of(dtype);
    code.lload(outputSlots[o]).iload(index).loadConstant(Lanes.count(dtype) - 1).iand().i2l();
    scale(carrier);
    code.ladd();
    LoopClass.lanesOf(code, index);
    code.ladd();
    int address = storeNew(Carrier.LONG);
    write(
        carrier,
        () -> code.lload(address),
        () -> {
          load(dtype, () -> code.lload(address));
          push(reduce.value(), slots);
          apply(new Instr.Apply(Lanes.combine(reduce.op(), dtype), dtype, 0, 0, -1), dtype);
        });
  }

  private void write(Carrier carrier, Runnable address, Runnable value) {
    LoopClass.allOfMemory(code);
    ClassDesc layout = LoopClass.layout(code, carrier);
    address.run();
    value.run();
    switch (carrier) {
      case BYTE -> code.i2b();
      case SHORT -> code.i2s();
      default -> {
        // The local has the stored type.
      }
    }
    code.invokeinterface(
        LoopClass.SEGMENT, "set", MethodTypeDesc.of(CD_void, layout, CD_long, carrier.stored));
  }

  /** The arguments are on the stack; leaves the result there. */
  private void apply(Instr.Apply apply, DType argument) {
    DType type = apply.dtype();
    Carrier carrier = Carrier.of(type);
    Opcode op = apply.op();
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
