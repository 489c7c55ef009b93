package dev.kiln.cpu;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
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
 * <p>Bool values are masks. A mask belongs to the lane type it was made from and is cast where it
 * meets another. Constants, parameters and broadcast operands become vectors before the loop. The
 * loop returns at the last whole vector, or at once where the condition of a {@link Opcode#RARE}
 * holds in any lane; scalar code goes on from there, as it does all where there is work for one
 * turn only. A reduction takes W elements a turn, in W / lanes copies of the body, folds the lanes
 * of a whole block into one, and goes from block to block.
 *
 * <p>Species are static finals of the class: anything else boxes.
 */
final class VectorEmitter {
  private static final String API = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(API + "Vector");
  private static final ClassDesc MASK = ClassDesc.of(API + "VectorMask");
  private static final ClassDesc SPECIES = ClassDesc.of(API + "VectorSpecies");
  private static final ClassDesc SHUFFLE = ClassDesc.of(API + "VectorShuffle");
  private static final ClassDesc SHAPE = ClassDesc.of(API + "VectorShape");
  private static final ClassDesc OPERATORS = ClassDesc.of(API + "VectorOperators");
  private static final ClassDesc UNARY = ClassDesc.of(API + "VectorOperators$Unary");
  private static final ClassDesc BINARY = ClassDesc.of(API + "VectorOperators$Binary");
  private static final ClassDesc ASSOCIATIVE = ClassDesc.of(API + "VectorOperators$Associative");
  private static final ClassDesc TERNARY = ClassDesc.of(API + "VectorOperators$Ternary");
  private static final ClassDesc COMPARISON = ClassDesc.of(API + "VectorOperators$Comparison");
  private static final ClassDesc CONVERSION = ClassDesc.of(API + "VectorOperators$Conversion");
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc ORDER = ClassDesc.of("java.nio.ByteOrder");
  private static final ClassDesc SELF = LoopClass.name("Vector");

  /** End the names of the fields with the classes of a lane type's vectors and masks. */
  private static final String TYPE = "Class";

  private static final String MASK_TYPE = "MaskClass";

  /** Ends the name of a field with the shuffle that takes each lane from so many lanes above. */
  private static final String ABOVE = "Above";

  private static final int CONSTANT =
      ClassFile.ACC_STATIC | ClassFile.ACC_FINAL | ClassFile.ACC_PRIVATE;

  /** A value in a local: a vector, or a mask of that lane type. */
  private record Local(int slot, Carrier carrier, boolean mask) {}

  private final Kernel kernel;
  private final List<Instr> body;
  private final Needed needed;
  private final int lanes;
  private final Carrier maskHome;
  private final CodeBuilder code;
  private final int[] operandSlots;
  private final int[] outputSlots;
  private int index;
  private int order;

  /** The last condition of a rare case that the code has tested in this turn; −1 for none. */
  private int tested = -1;

  private VectorEmitter(Kernel kernel, int lanes, CodeBuilder code) {
    this.kernel = kernel;
    this.body = kernel.body();
    this.needed = Needed.by(body, kernel.outputs().stream().map(Output::value).toList());
    this.lanes = lanes;
    this.maskHome = maskHome(kernel, lanes);
    this.code = code;
    this.operandSlots = new int[kernel.operands().size()];
    this.outputSlots = new int[kernel.outputs().size()];
  }

  /** The loop of a kernel with one loop dimension over vectors of that many lanes. */
  static Loop emit(Kernel kernel, int lanes) {
    return LoopClass.define(
        SELF,
        builder -> statics(builder, kernel, lanes),
        code -> new VectorEmitter(kernel, lanes, code).run());
  }

  /** A lane type that has a species, for masks that come from nowhere else. */
  private static Carrier maskHome(Kernel kernel, int lanes) {
    for (Carrier carrier : Carrier.values()) {
      if (hasSpecies(carrier, lanes)) {
        return carrier;
      }
    }
    throw new AssertionError("no vectors of " + lanes + " lanes for " + kernel);
  }

  private static boolean hasSpecies(Carrier carrier, int lanes) {
    int bytes = carrier.bytes * lanes;
    return bytes >= 8 && bytes <= 64;
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

  private static void statics(ClassBuilder builder, Kernel kernel, int lanes) {
    Set<Carrier> folded = folded(kernel, lanes);
    for (Carrier carrier : Carrier.values()) {
      if (hasSpecies(carrier, lanes)) {
        builder.withField(carrier.word, SPECIES, CONSTANT);
        builder.withField(carrier.word + TYPE, CD_Class, CONSTANT);
        builder.withField(carrier.word + MASK_TYPE, CD_Class, CONSTANT);
      }
      for (int h = lanes / 2; folded.contains(carrier) && h > 0; h /= 2) {
        builder.withField(carrier.word + ABOVE + h, SHUFFLE, CONSTANT);
      }
    }
    builder.withMethodBody(
        CLASS_INIT_NAME,
        MTD_void,
        ClassFile.ACC_STATIC,
        code -> {
          for (Carrier carrier : Carrier.values()) {
            if (hasSpecies(carrier, lanes)) {
              code.getstatic(
                      ClassDesc.of(
                          "java.lang." + (carrier == Carrier.INT ? "Integer" : carrier.word)),
                      "TYPE",
                      CD_Class)
                  .loadConstant(carrier.bytes * lanes * 8)
                  .invokestatic(SHAPE, "forBitSize", MethodTypeDesc.of(SHAPE, CD_int))
                  .invokestatic(SPECIES, "of", MethodTypeDesc.of(SPECIES, CD_Class, SHAPE), true)
                  .dup()
                  .dup()
                  .putstatic(SELF, carrier.word, SPECIES)
                  .invokeinterface(SPECIES, "vectorType", MethodTypeDesc.of(CD_Class))
                  .putstatic(SELF, carrier.word + TYPE, CD_Class)
                  .loadConstant(0)
                  .invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean))
                  .invokevirtual(CD_Object, "getClass", MethodTypeDesc.of(CD_Class))
                  .putstatic(SELF, carrier.word + MASK_TYPE, CD_Class);
            }
            for (int h = lanes / 2; folded.contains(carrier) && h > 0; h /= 2) {
              code.getstatic(SELF, carrier.word, SPECIES)
                  .loadConstant(h)
                  .loadConstant(1)
                  .loadConstant(1)
                  .invokestatic(
                      SHUFFLE,
                      "iota",
                      MethodTypeDesc.of(SHUFFLE, SPECIES, CD_int, CD_int, CD_boolean))
                  .putstatic(SELF, carrier.word + ABOVE + h, SHUFFLE);
            }
          }
          code.return_();
        });
  }

  private void run() {
    boolean reduces = kernel.reduces();
    int group = reduces ? Lanes.count(kernel.outputs().getFirst().dtype()) : lanes;
    int copies = group / lanes;
    Label work = code.newLabel();
    // With a single turn, code that the JIT compiler has made for many is thrown away.
    code.iload(LoopClass.TO).iload(LoopClass.FROM).isub().loadConstant(2 * group).if_icmpge(work);
    code.iload(LoopClass.FROM).ireturn().labelBinding(work);
    code.invokestatic(ORDER, "nativeOrder", MethodTypeDesc.of(ORDER));
    order = storeReference();
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
          case Output.Store store -> store(value, outputSlots[o], 0, index);
          case Output.Reduce reduce -> {
            Local lane = accumulators[o][copy];
            code.aload(lane.slot);
            exact(lane.carrier, false);
            code.aload(value.slot);
            binary(Lanes.combine(reduce.op(), reduce.dtype()), reduce.dtype());
            code.astore(lane.slot);
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
        code.aload(load(lane.carrier, outputSlots[o], copy * lanes, -1).slot).astore(lane.slot);
      }
    }
    code.goto_(block).labelBinding(done);
  }

  private void storeAll(Local[] accumulators, int addressSlot) {
    for (int copy = 0; copy < accumulators.length; copy++) {
      Local lane = accumulators[copy];
      code.aload(lane.slot);
      exact(lane.carrier, lane.mask);
      code.astore(lane.slot);
      store(lane, addressSlot, copy * lanes, -1);
    }
  }

  /**
   * Folds W lanes by the canonical tree, lane l taking lane l + h in. The result is stored in the
   * first lane and the identity in the others, so that to fold them again changes nothing.
   */
  private void fold(Output.Reduce reduce, Local[] accumulators, int addressSlot) {
    DType dtype = reduce.dtype();
    Carrier carrier = Carrier.of(dtype);
    Opcode combine = Lanes.combine(reduce.op(), dtype);
    Local[] tree = accumulators.clone();
    for (int half = tree.length / 2; half > 0; half /= 2) {
      for (int copy = 0; copy < half; copy++) {
        code.aload(tree[copy].slot);
        exact(carrier, false);
        code.aload(tree[copy + half].slot);
        exact(carrier, false);
        binary(combine, dtype);
        tree[copy] = keep(carrier, false);
      }
    }
    Local sum = tree[0];
    for (int h = lanes / 2; h > 0; h /= 2) {
      code.aload(sum.slot);
      exact(carrier, false);
      code.aload(sum.slot);
      exact(carrier, false);
      code.getstatic(SELF, carrier.word + ABOVE + h, SHUFFLE)
          .invokevirtual(vector(carrier), "rearrange", MethodTypeDesc.of(vector(carrier), SHUFFLE));
      binary(combine, dtype);
      sum = keep(carrier, false);
    }
    code.loadConstant(Lanes.identity(reduce.op(), dtype));
    Local identity = broadcast(dtype);
    for (int copy = 0; copy < accumulators.length; copy++) {
      store(identity, addressSlot, copy * lanes, -1);
    }
    LoopClass.allOfMemory(code);
    ClassDesc layout = LoopClass.layout(code, carrier);
    code.lload(addressSlot)
        .aload(sum.slot)
        .loadConstant(0)
        .invokevirtual(vector(carrier), "lane", MethodTypeDesc.of(carrier.stored, CD_int))
        .invokeinterface(
            LoopClass.SEGMENT, "set", MethodTypeDesc.of(CD_void, layout, CD_long, carrier.stored));
  }

  /** Stores the vector or mask on the stack in a new local. */
  private Local keep(Carrier carrier, boolean mask) {
    exact(carrier, mask);
    return new Local(storeReference(), carrier, mask);
  }

  /**
   * Tells the compiler the class of the vector or mask on the stack. Where it knows less it trusts
   * profiles that all loops share, and in a program of many loops these mislead it into boxing.
   */
  private void exact(Carrier carrier, boolean mask) {
    code.getstatic(SELF, carrier.word + (mask ? MASK_TYPE : TYPE), CD_Class)
        .swap()
        .invokevirtual(CD_Class, "cast", MethodTypeDesc.of(CD_Object, CD_Object))
        .checkcast(mask ? MASK : vector(carrier));
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
          locals[at] = broadcast(dtype);
        }
        case Instr.Param(DType dtype, int p) -> {
          LoopClass.argument(code, Loop.Arguments.param(kernel, p));
          locals[at] = broadcast(dtype);
        }
        case Instr.Load(DType dtype, int k) -> {
          if (kernel.operands().get(k).access() == Operand.Access.BROADCAST) {
            Carrier carrier = Carrier.of(dtype);
            LoopClass.allOfMemory(code);
            ClassDesc layout = LoopClass.layout(code, carrier);
            code.lload(operandSlots[k])
                .invokeinterface(
                    LoopClass.SEGMENT, "get", MethodTypeDesc.of(carrier.stored, layout, CD_long));
            locals[at] = dtype == DType.BOOL ? maskAll() : broadcastStored(carrier);
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

  private int storeReference() {
    int slot = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(slot);
    return slot;
  }

  /** The bits on the stack, a long, as a vector or mask. */
  private Local broadcast(DType dtype) {
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
  private Local broadcastStored(Carrier carrier) {
    int scalar = code.allocateLocal(carrier.kind);
    code.storeLocal(carrier.kind, scalar);
    species(carrier);
    code.loadLocal(carrier.kind, scalar)
        .invokestatic(
            vector(carrier),
            "broadcast",
            MethodTypeDesc.of(vector(carrier), SPECIES, carrier.stored));
    return keep(carrier, false);
  }

  /** The byte on the stack, 0 for false, as a mask. */
  private Local maskAll() {
    code.invokestatic(
        ClassDesc.of(Scalars.class.getName()), "bool", MethodTypeDesc.of(CD_boolean, CD_byte));
    int scalar = code.allocateLocal(TypeKind.INT);
    code.istore(scalar);
    species(maskHome);
    code.iload(scalar).invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
    return keep(maskHome, true);
  }

  private Local[][] readAccumulators(int copies) {
    Local[][] accumulators = new Local[outputSlots.length][copies];
    for (int o = 0; o < outputSlots.length; o++) {
      code.lload(outputSlots[o]);
      LoopClass.lanesOf(code, index);
      code.ladd().lstore(outputSlots[o]);
      Carrier carrier = Carrier.of(kernel.outputs().get(o).dtype());
      for (int copy = 0; copy < copies; copy++) {
        accumulators[o][copy] = load(carrier, outputSlots[o], copy * lanes, -1);
      }
    }
    return accumulators;
  }

  private static ClassDesc vector(Carrier carrier) {
    return ClassDesc.of(API + carrier.word + "Vector");
  }

  private void species(Carrier carrier) {
    code.getstatic(SELF, carrier.word, SPECIES);
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

  private Local load(Carrier carrier, int addressSlot, int offset, int indexSlot) {
    species(carrier);
    LoopClass.allOfMemory(code);
    address(carrier, addressSlot, offset, indexSlot);
    code.aload(order)
        .invokestatic(
            vector(carrier),
            "fromMemorySegment",
            MethodTypeDesc.of(vector(carrier), SPECIES, LoopClass.SEGMENT, CD_long, ORDER));
    return keep(carrier, false);
  }

  private void store(Local value, int addressSlot, int offset, int indexSlot) {
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
    species(carrier);
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
      species(carrier);
      code.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
    }
  }

  private Local define(Instr instr, Local[] locals, int offset) {
    return switch (instr) {
      case Instr.Load(DType dtype, int k) -> {
        Local loaded = load(Carrier.of(dtype), operandSlots[k], offset, index);
        if (dtype != DType.BOOL) {
          yield loaded;
        }
        code.aload(loaded.slot);
        code.getstatic(OPERATORS, "NE", COMPARISON)
            .loadConstant(0)
            .invokevirtual(
                vector(Carrier.BYTE), "compare", MethodTypeDesc.of(MASK, COMPARISON, CD_byte));
        yield keep(Carrier.BYTE, true);
      }
      case Instr.Apply apply ->
          apply.dtype() == DType.BOOL ? mask(apply, locals) : vector(apply, locals);
      case Instr.Const c -> throw new AssertionError("hoisted");
      case Instr.Param p -> throw new AssertionError("hoisted");
    };
  }

  private Local mask(Instr.Apply apply, Local[] locals) {
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
      case RARE -> {
        return unlessRare(apply, locals);
      }
      default -> throw new AssertionError(apply + " on masks");
    }
    return keep(carrier, true);
  }

  private static Local local(Local[] locals, int at) {
    return java.util.Objects.requireNonNull(locals[at]);
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

  /**
   * Returns from the loop where the condition holds in any lane; the value is the usual one
   * otherwise.
   */
  private Local unlessRare(Instr.Apply rare, Local[] locals) {
    if (rare.a() != tested) {
      Label go = code.newLabel();
      code.aload(local(locals, rare.a()).slot)
          .invokevirtual(MASK, "anyTrue", MethodTypeDesc.of(CD_boolean))
          .ifeq(go)
          .iload(index)
          .ireturn()
          .labelBinding(go);
      tested = rare.a();
    }
    return local(locals, rare.c());
  }

  private Local vector(Instr.Apply apply, Local[] locals) {
    DType type = apply.dtype();
    Carrier carrier = Carrier.of(type);
    Local a = local(locals, apply.a());
    switch (apply.op()) {
      case RARE -> {
        return unlessRare(apply, locals);
      }
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
      case SHL, SHR -> shift(apply, a, local(locals, apply.b()));
      default -> {
        code.aload(a.slot).aload(local(locals, apply.b()).slot);
        binary(apply.op(), type);
      }
    }
    return keep(carrier, false);
  }

  /** Two vectors are on the stack. */
  private void binary(Opcode op, DType type) {
    Carrier carrier = Carrier.of(type);
    int second = storeReference();
    boolean raw = type.isUnsigned() && (op == Opcode.MIN || op == Opcode.MAX);
    boolean associative = op != Opcode.SUB && op != Opcode.DIV;
    code.getstatic(OPERATORS, (raw ? "U" : "") + op.name(), associative ? ASSOCIATIVE : BINARY)
        .aload(second)
        .invokevirtual(
            vector(carrier), "lanewise", MethodTypeDesc.of(vector(carrier), BINARY, VECTOR));
  }

  private void shift(Instr.Apply apply, Local a, Local amount) {
    DType type = apply.dtype();
    Carrier carrier = Carrier.of(type);
    String name = apply.op() == Opcode.SHL ? "LSHL" : type.isUnsigned() ? "LSHR" : "ASHR";
    code.aload(a.slot).getstatic(OPERATORS, name, BINARY);
    if (body.get(apply.b()) instanceof Instr.Const constant) {
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
    species(target);
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
