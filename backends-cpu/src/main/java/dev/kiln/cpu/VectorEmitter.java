package dev.kiln.cpu;

import static dev.kiln.cpu.VectorApi.MASK;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.DType;
import dev.kiln.cpu.VectorCode.Local;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Emits a kernel of one loop dimension that {@link VectorRules} accepts as a loop over vectors of
 * equally many lanes.
 *
 * <p>Constants, parameters and broadcast operands become vectors before the loop. The loop returns
 * at the last whole vector, or at once where the condition of a {@link Opcode#RARE} holds in any
 * lane; scalar code goes on from there, as it does all where there is work for one turn only. A
 * reduction takes W elements a turn, in W / lanes copies of the body, folds the lanes of a whole
 * block into one, and goes from block to block.
 */
final class VectorEmitter {
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");

  private final Kernel kernel;
  private final List<Instr> body;
  private final Needed needed;
  private final int lanes;
  private final CodeBuilder code;
  private final VectorCode vectors;
  private final int[] operandSlots;
  private final int[] outputSlots;
  private int index;

  /** The last condition of a rare case that the code has tested in this turn; −1 for none. */
  private int tested = -1;

  private VectorEmitter(Kernel kernel, VectorFields fields, CodeBuilder code) {
    this.kernel = kernel;
    this.body = kernel.body();
    this.needed = Needed.by(body, kernel.outputs().stream().map(Output::value).toList());
    this.lanes = fields.lanes();
    this.code = code;
    this.vectors = new VectorCode(code, fields.maskHome());
    this.operandSlots = new int[kernel.operands().size()];
    this.outputSlots = new int[kernel.outputs().size()];
  }

  /** The loop of a kernel with one loop dimension over vectors of that many lanes. */
  static Loop emit(Kernel kernel, int lanes) {
    VectorFields fields = new VectorFields(lanes, folded(kernel, lanes));
    return LoopClass.define(
        VectorFields.CLASS, fields::define, code -> new VectorEmitter(kernel, fields, code).run());
  }

  /** The lane types whose lanes are folded into one at the end of a block. */
  private static Set<Carrier> folded(Kernel kernel, int lanes) {
    Set<Carrier> folded = EnumSet.noneOf(Carrier.class);
    for (Output output : kernel.outputs()) {
      if (output instanceof Output.Reduce reduce && folds(reduce, lanes)) {
        folded.add(Carrier.of(reduce.dtype()));
      }
    }
    return folded;
  }

  /** Not where the hardware has no shuffle of such vectors. */
  private static boolean folds(Output.Reduce reduce, int lanes) {
    return reduce.dtype().bytes() >= 4 && lanes > 2;
  }

  /** Whether the loop leaves each whole block's result in its first lane. */
  static boolean folds(Kernel kernel, int lanes) {
    return kernel.reduces()
        && kernel.outputs().stream()
            .allMatch(output -> output instanceof Output.Reduce reduce && folds(reduce, lanes));
  }

  private void run() {
    boolean reduces = kernel.reduces();
    int group = reduces ? Lanes.count(kernel.outputs().getFirst().dtype()) : lanes;
    int copies = group / lanes;
    Label work = code.newLabel();
    // With a single turn, code that the JIT compiler has made for many is thrown away.
    code.iload(LoopClass.TO).iload(LoopClass.FROM).isub().loadConstant(2 * group).if_icmpge(work);
    code.iload(LoopClass.FROM).ireturn().labelBinding(work);
    Local[] hoisted = hoist();
    index = code.allocateLocal(TypeKind.INT);
    code.iload(LoopClass.FROM).istore(index);
    Local[][] accumulators = reduces ? readAccumulators(copies) : new Local[0][];
    Label block = code.newLabel();
    code.labelBinding(block);
    int last = code.allocateLocal(TypeKind.INT);
    code.iload(LoopClass.TO);
    if (reduces) {
      code.iload(index).loadConstant(Lanes.BLOCK - 1).ior().loadConstant(1).iadd();
      code.invokestatic(MATH, "min", MethodTypeDesc.of(CD_int, CD_int, CD_int));
    }
    code.loadConstant(group).isub().istore(last);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(index).iload(last).if_icmpgt(end);
    for (int copy = 0; copy < copies; copy++) {
      Local[] locals = hoisted.clone();
      for (int at = 0; at < body.size(); at++) {
        if (needed.usually(at) && locals[at] == null) {
          locals[at] = define(body.get(at), locals, copy * lanes);
        }
      }
      for (int o = 0; o < kernel.outputs().size(); o++) {
        Local value = locals[kernel.outputs().get(o).value()];
        switch (kernel.outputs().get(o)) {
          case Output.Store store -> vectors.store(value, outputSlots[o], 0, index);
          case Output.Reduce reduce -> {
            Local lane = accumulators[o][copy];
            code.aload(lane.slot());
            vectors.exact(lane.carrier(), false);
            code.aload(value.slot());
            vectors.binary(Lanes.combine(reduce.op(), reduce.dtype()), reduce.dtype());
            code.astore(lane.slot());
          }
        }
      }
    }
    code.iinc(index, group).goto_(top).labelBinding(end);
    if (reduces) {
      nextBlock(accumulators, group, block);
    }
    code.iload(index).ireturn();
  }

  /**
   * Folds a whole block's accumulators, stores what there is of another's, and where one more block
   * follows goes on with that one's.
   */
  private void nextBlock(Local[][] accumulators, int group, Label block) {
    Label some = code.newLabel();
    Label stored = code.newLabel();
    code.iload(index).loadConstant(Lanes.BLOCK - 1).iand().ifne(some);
    for (int o = 0; o < accumulators.length; o++) {
      Output.Reduce reduce = (Output.Reduce) kernel.outputs().get(o);
      if (folds(reduce, lanes)) {
        fold(reduce, accumulators[o], outputSlots[o]);
      } else {
        storeAll(accumulators[o], outputSlots[o]);
      }
    }
    code.goto_(stored).labelBinding(some);
    for (int o = 0; o < accumulators.length; o++) {
      storeAll(accumulators[o], outputSlots[o]);
    }
    code.labelBinding(stored);
    Label done = code.newLabel();
    code.iload(index).loadConstant(Lanes.BLOCK - 1).iand().ifne(done);
    code.iload(index).iload(LoopClass.TO).loadConstant(2 * group).isub().if_icmpgt(done);
    for (int o = 0; o < accumulators.length; o++) {
      code.lload(outputSlots[o]).loadConstant((long) Lanes.BYTES).ladd().lstore(outputSlots[o]);
      for (int copy = 0; copy < accumulators[o].length; copy++) {
        Local lane = accumulators[o][copy];
        code.aload(vectors.load(lane.carrier(), outputSlots[o], copy * lanes, -1).slot())
            .astore(lane.slot());
      }
    }
    code.goto_(block).labelBinding(done);
  }

  private void storeAll(Local[] accumulators, int addressSlot) {
    for (int copy = 0; copy < accumulators.length; copy++) {
      Local lane = accumulators[copy];
      code.aload(lane.slot());
      vectors.exact(lane.carrier(), lane.mask());
      code.astore(lane.slot());
      vectors.store(lane, addressSlot, copy * lanes, -1);
    }
  }

  /**
   * Folds W lanes by the canonical tree, lane l taking lane l + h in. The result is stored in the
   * first lane and the identity in the others, so that to fold them again changes nothing.
   */
  private void fold(Output.Reduce reduce, Local[] accumulators, int addressSlot) {
    DType dtype = reduce.dtype();
    Carrier carrier = Carrier.of(dtype);
    ClassDesc vector = VectorApi.vector(carrier);
    Opcode combine = Lanes.combine(reduce.op(), dtype);
    Local[] tree = accumulators.clone();
    for (int half = tree.length / 2; half > 0; half /= 2) {
      for (int copy = 0; copy < half; copy++) {
        code.aload(tree[copy].slot());
        vectors.exact(carrier, false);
        code.aload(tree[copy + half].slot());
        vectors.exact(carrier, false);
        vectors.binary(combine, dtype);
        tree[copy] = vectors.keep(carrier, false);
      }
    }
    Local sum = tree[0];
    for (int h = lanes / 2; h > 0; h /= 2) {
      code.aload(sum.slot());
      vectors.exact(carrier, false);
      code.aload(sum.slot());
      vectors.exact(carrier, false);
      VectorFields.above(code, carrier, h);
      code.invokevirtual(vector, "rearrange", MethodTypeDesc.of(vector, VectorApi.SHUFFLE));
      vectors.binary(combine, dtype);
      sum = vectors.keep(carrier, false);
    }
    code.loadConstant(Lanes.identity(reduce.op(), dtype));
    Local identity = vectors.broadcast(dtype);
    for (int copy = 0; copy < accumulators.length; copy++) {
      vectors.store(identity, addressSlot, copy * lanes, -1);
    }
    LoopClass.allOfMemory(code);
    ClassDesc layout = LoopClass.layout(code, carrier);
    code.lload(addressSlot)
        .aload(sum.slot())
        .loadConstant(0)
        .invokevirtual(vector, "lane", MethodTypeDesc.of(carrier.stored, CD_int))
        .invokeinterface(
            LoopClass.SEGMENT, "set", MethodTypeDesc.of(CD_void, layout, CD_long, carrier.stored));
  }

  /** Reads the arguments, and makes vectors of all that stays the same. */
  private Local[] hoist() {
    Local[] locals = new Local[body.size()];
    for (int k = 0; k < operandSlots.length; k++) {
      LoopClass.argument(code, Loop.Arguments.operand(k));
      operandSlots[k] = storeLong();
    }
    for (int o = 0; o < outputSlots.length; o++) {
      LoopClass.argument(code, Loop.Arguments.output(kernel, o));
      outputSlots[o] = storeLong();
    }
    for (int at = 0; at < body.size(); at++) {
      if (!needed.usually(at)) {
        continue;
      }
      switch (body.get(at)) {
        case Instr.Const(DType dtype, long bits) -> {
          code.loadConstant(bits);
          locals[at] = vectors.broadcast(dtype);
        }
        case Instr.Param(DType dtype, int p) -> {
          LoopClass.argument(code, Loop.Arguments.param(kernel, p));
          locals[at] = vectors.broadcast(dtype);
        }
        case Instr.Load(DType dtype, int k) -> {
          if (kernel.operands().get(k).access() == Operand.Access.BROADCAST) {
            Carrier carrier = Carrier.of(dtype);
            LoopClass.allOfMemory(code);
            ClassDesc layout = LoopClass.layout(code, carrier);
            code.lload(operandSlots[k])
                .invokeinterface(
                    LoopClass.SEGMENT, "get", MethodTypeDesc.of(carrier.stored, layout, CD_long));
            locals[at] = dtype == DType.BOOL ? vectors.maskAll() : vectors.broadcastStored(carrier);
          }
        }
        case Instr.Apply apply -> {
          // Left in the loop, where the compiler may still move it out.
        }
      }
    }
    return locals;
  }

  private int storeLong() {
    int slot = code.allocateLocal(TypeKind.LONG);
    code.lstore(slot);
    return slot;
  }

  private Local[][] readAccumulators(int copies) {
    Local[][] accumulators = new Local[outputSlots.length][copies];
    for (int o = 0; o < outputSlots.length; o++) {
      code.lload(outputSlots[o]);
      LoopClass.lanesOf(code, index);
      code.ladd().lstore(outputSlots[o]);
      Carrier carrier = Carrier.of(kernel.outputs().get(o).dtype());
      for (int copy = 0; copy < copies; copy++) {
        accumulators[o][copy] = vectors.load(carrier, outputSlots[o], copy * lanes, -1);
      }
    }
    return accumulators;
  }

  private Local define(Instr instr, Local[] locals, int offset) {
    return switch (instr) {
      case Instr.Load(DType dtype, int k) -> {
        Local loaded = vectors.load(Carrier.of(dtype), operandSlots[k], offset, index);
        yield dtype == DType.BOOL ? vectors.loadedMask(loaded) : loaded;
      }
      case Instr.Apply apply ->
          apply.op() == Opcode.RARE
              ? unlessRare(apply, locals)
              : vectors.apply(apply, body, locals);
      case Instr.Const c -> throw new AssertionError("hoisted");
      case Instr.Param p -> throw new AssertionError("hoisted");
    };
  }

  /**
   * Returns from the loop where the condition holds in any lane; the value is the usual one
   * otherwise.
   */
  private Local unlessRare(Instr.Apply rare, Local[] locals) {
    if (rare.a() != tested) {
      Label go = code.newLabel();
      code.aload(VectorCode.local(locals, rare.a()).slot())
          .invokevirtual(MASK, "anyTrue", MethodTypeDesc.of(CD_boolean))
          .ifeq(go)
          .iload(index)
          .ireturn()
          .labelBinding(go);
      tested = rare.a();
    }
    return VectorCode.local(locals, rare.c());
  }
}
