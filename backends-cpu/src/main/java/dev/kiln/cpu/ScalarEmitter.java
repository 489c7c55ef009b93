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
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
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
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  private static final ClassDesc DOUBLE = ClassDesc.of("java.lang.Double");

  private final Kernel kernel;
  private final List<Instr> body;
  private final Needed needed;
  private final CodeBuilder code;
  private final ScalarCode operations;

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
    this.operations = new ScalarCode(code);
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
          int address = operations.storeNew(Carrier.LONG);
          load(operand.dtype(), () -> code.lload(address));
        }
        operandSlots[k] = operations.storeNew(carrier);
      } else {
        operandSlots[k] = operations.storeNew(Carrier.LONG);
        if (operand.access() == Operand.Access.STRIDED
            || operand.source() == Operand.Source.INDEX) {
          LoopClass.argument(code, Loop.Arguments.operand(k) + 1);
          strideSlots[k] = operations.storeNew(Carrier.LONG);
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
      paramSlots[p] = operations.storeNew(Carrier.of(dtype));
    }
    for (int o = 0; o < outputSlots.length; o++) {
      LoopClass.argument(code, Loop.Arguments.output(kernel, o));
      outputSlots[o] = operations.storeNew(Carrier.LONG);
      if (kernel.outputs().get(o) instanceof Output.Store(var d, var v, Operand.Access access)
          && access == Operand.Access.STRIDED) {
        LoopClass.argument(code, Loop.Arguments.output(kernel, o) + 1);
        outputStrideSlots[o] = operations.storeNew(Carrier.LONG);
      }
    }
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
          slots[at] = operations.storeNew(Carrier.of(operand.dtype()));
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
          operations.apply(apply.op(), apply.dtype(), body.get(apply.a()).dtype());
          slots[at] = operations.storeNew(Carrier.of(apply.dtype()));
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
    int address = operations.storeNew(Carrier.LONG);
    write(
        carrier,
        () -> code.lload(address),
        () -> {
          load(dtype, () -> code.lload(address));
          push(reduce.value(), slots);
          operations.apply(Lanes.combine(reduce.op(), dtype), dtype, dtype);
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
}
