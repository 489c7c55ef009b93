package dev.kiln.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * All primitives, each made once: a few dozen serve every kernel. They are code and hold nothing,
 * so all engines of a process share them, as they share classes.
 */
final class Primitives {
  static final Primitives SHARED = new Primitives();

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object, CD_Object, CD_Object, CD_Object, CD_int, CD_int);

  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");
  private static final MethodTypeDesc ARRAY_COPY =
      MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_Object, CD_int, CD_int);

  /** The slots of {@link Primitive#run}'s arguments. */
  private static final int FIRST_ARGUMENT = 1;

  private static final int TO = 4;
  private static final int FROM = 5;
  private static final int END = 6;

  private final ConcurrentHashMap<Operation, CompiledPrimitive> made = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Operation, CompiledPrimitive> folds = new ConcurrentHashMap<>();

  private Primitives() {}

  /**
   * What makes two instructions the same operation.
   *
   * @param arguments as many as the operation takes
   */
  record Operation(Opcode op, DType type, List<DType> arguments) {
    /** The same with signed integers, where code is the same. */
    Operation signed() {
      return switch (op) {
        case ADD, SUB, MUL, NEG, AND, OR, XOR, NOT, SHL, EQ, NE, SELECT, BITCAST ->
            new Operation(op, signed(type), arguments.stream().map(Operation::signed).toList());
        default -> this;
      };
    }

    private static DType signed(DType dtype) {
      return switch (dtype) {
        case UINT32 -> DType.INT32;
        case UINT64 -> DType.INT64;
        default -> dtype;
      };
    }
  }

  /** The primitive of an instruction, which is no {@link Opcode#RARE} one. */
  CompiledPrimitive of(Instr.Apply apply, List<Instr> body) {
    List<DType> arguments =
        IntStream.range(0, apply.op().arity())
            .mapToObj(k -> body.get(apply.argument(k)).dtype())
            .toList();
    return of(new Operation(apply.op(), apply.dtype(), arguments));
  }

  CompiledPrimitive of(Operation operation) {
    return made.computeIfAbsent(
        operation.signed(), key -> new CompiledPrimitive(define(code -> emit(key, code)), 1));
  }

  /**
   * What takes the elements of the first argument into lanes, the last one: element i into lane i
   * mod W. The second is scratch, of W elements.
   *
   * @param combine an operation of two arguments
   */
  CompiledPrimitive fold(Opcode combine, DType dtype) {
    Operation operation = new Operation(combine, dtype, List.of(dtype, dtype));
    return folds.computeIfAbsent(
        operation.signed(),
        key -> new CompiledPrimitive(define(code -> emitFold(key, code)), Lanes.count(key.type())));
  }

  private static Primitive define(Consumer<CodeBuilder> run) {
    return EmittedClass.define(
        LoopClass.name("Primitive"), Primitive.class, RUN, builder -> {}, run);
  }

  private static void emit(Operation operation, CodeBuilder code) {
    ScalarCode operations = new ScalarCode(code);
    List<DType> arguments = operation.arguments();
    int[] panels = new int[arguments.size()];
    for (int k = 0; k < panels.length; k++) {
      panels[k] = panel(code, FIRST_ARGUMENT + k, arguments.get(k));
    }
    int to = panel(code, TO, operation.type());
    int index = code.allocateLocal(TypeKind.INT);
    code.iload(FROM).istore(index);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(index).iload(END).if_icmpge(end);
    code.aload(to).iload(index);
    for (int k = 0; k < panels.length; k++) {
      code.aload(panels[k]).iload(index).arrayLoad(Carrier.of(arguments.get(k)).kind);
    }
    operations.apply(operation.op(), operation.type(), arguments.getFirst());
    code.arrayStore(Carrier.of(operation.type()).kind);
    code.iinc(index, 1).goto_(top).labelBinding(end).return_();
  }

  /**
   * Group by group: of two arrays of which one is read at another index than is written, the JIT
   * compiler makes no vector code, so that a group is copied first.
   */
  private static void emitFold(Operation operation, CodeBuilder code) {
    DType dtype = operation.type();
    TypeKind kind = Carrier.of(dtype).kind;
    int elements = panel(code, FIRST_ARGUMENT, dtype);
    int group = panel(code, FIRST_ARGUMENT + 1, dtype);
    int lanes = panel(code, TO, dtype);
    int at = code.allocateLocal(TypeKind.INT);
    int count = code.allocateLocal(TypeKind.INT);
    int lane = code.allocateLocal(TypeKind.INT);
    Label nextGroup = code.newLabel();
    Label nextLane = code.newLabel();
    Label groupEnd = code.newLabel();
    Label end = code.newLabel();
    int w = Lanes.count(dtype);
    code.iload(FROM).istore(at).labelBinding(nextGroup).iload(at).iload(END).if_icmpge(end);
    code.loadConstant(w).iload(END).iload(at).isub();
    code.invokestatic(MATH, "min", MethodTypeDesc.of(CD_int, CD_int, CD_int)).istore(count);
    code.aload(elements).iload(at).aload(group).iconst_0().iload(count);
    code.invokestatic(SYSTEM, "arraycopy", ARRAY_COPY);
    code.iconst_0().istore(lane);
    code.labelBinding(nextLane).iload(lane).iload(count).if_icmpge(groupEnd);
    code.aload(lanes).iload(lane);
    code.aload(lanes).iload(lane).arrayLoad(kind).aload(group).iload(lane).arrayLoad(kind);
    new ScalarCode(code).apply(operation.op(), dtype, dtype);
    code.arrayStore(kind).iinc(lane, 1).goto_(nextLane);
    code.labelBinding(groupEnd).iload(at).loadConstant(w).iadd().istore(at).goto_(nextGroup);
    code.labelBinding(end).return_();
  }

  /** The slot of an argument as the array that it is. */
  private static int panel(CodeBuilder code, int argument, DType dtype) {
    ClassDesc type = Carrier.of(dtype).local.arrayType();
    int slot = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(argument).checkcast(type).astore(slot);
    return slot;
  }
}
