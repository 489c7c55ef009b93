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
import java.util.stream.IntStream;

/**
 * All primitives, each made once: a few dozen serve every kernel. They are code and hold nothing,
 * so all engines of a process share them, as they share classes.
 */
final class Primitives {
  static final Primitives SHARED = new Primitives();

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object, CD_Object, CD_Object, CD_Object, CD_int);

  /** The slots of {@link Primitive#run}'s arguments. */
  private static final int FIRST_ARGUMENT = 1;

  private static final int TO = 4;
  private static final int COUNT = 5;

  private final ConcurrentHashMap<Operation, Primitive> made = new ConcurrentHashMap<>();

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
  Primitive of(Instr.Apply apply, List<Instr> body) {
    List<DType> arguments =
        IntStream.range(0, apply.op().arity())
            .mapToObj(k -> body.get(apply.argument(k)).dtype())
            .toList();
    return of(new Operation(apply.op(), apply.dtype(), arguments));
  }

  Primitive of(Operation operation) {
    return made.computeIfAbsent(operation.signed(), Primitives::emit);
  }

  private static Primitive emit(Operation operation) {
    return EmittedClass.define(
        LoopClass.name("Primitive"),
        Primitive.class,
        RUN,
        builder -> {},
        code -> emit(operation, code));
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
    code.iconst_0().istore(index);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(index).iload(COUNT).if_icmpge(end);
    code.aload(to).iload(index);
    for (int k = 0; k < panels.length; k++) {
      code.aload(panels[k]).iload(index).arrayLoad(Carrier.of(arguments.get(k)).kind);
    }
    operations.apply(operation.op(), operation.type(), arguments.getFirst());
    code.arrayStore(Carrier.of(operation.type()).kind);
    code.iinc(index, 1).goto_(top).labelBinding(end).return_();
  }

  /** The slot of an argument as the array that it is. */
  private static int panel(CodeBuilder code, int argument, DType dtype) {
    ClassDesc type = Carrier.of(dtype).local.arrayType();
    int slot = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(argument).checkcast(type).astore(slot);
    return slot;
  }
}
