package dev.kiln.kernel;

import dev.kiln.DType;
import java.util.List;

/** The rules of the kernel language, executable. Every kernel is checked when it is made. */
final class KernelVerifier {
  private KernelVerifier() {}

  static void check(
      int keptRank,
      int reducedRank,
      List<Operand> operands,
      List<DType> params,
      List<Instr> body,
      List<Output> outputs) {
    require(keptRank >= 0 && reducedRank >= 0 && keptRank + reducedRank >= 1, "no loop dimension");
    require(!outputs.isEmpty(), "no output");
    for (Operand operand : operands) {
      require(
          operand.source() == Operand.Source.MEMORY || operand.dtype() == DType.INT64,
          "an index operand is int64");
    }
    for (int at = 0; at < body.size(); at++) {
      checkInstr(body.get(at), at, operands, params, body);
    }
    boolean reduces = reducedRank > 0;
    for (Output output : outputs) {
      require(output.value() >= 0 && output.value() < body.size(), "output of no value");
      DType value = body.get(output.value()).dtype();
      switch (output) {
        case Output.Store store -> {
          require(!reduces, "a store in a kernel that reduces");
          require(keptRank > 0, "a store needs a loop dimension");
          require(store.dtype() == value, "store of another dtype");
          require(store.access() != Operand.Access.BROADCAST, "a store cannot be broadcast");
        }
        case Output.Reduce reduce -> {
          require(reduces, "a reduction in a kernel that stores");
          boolean index = reduce.op() == ReduceOp.ARGMAX || reduce.op() == ReduceOp.ARGMIN;
          require(reduce.dtype() == (index ? DType.INT64 : value), "reduction to another dtype");
        }
      }
    }
  }

  private static void checkInstr(
      Instr instr, int at, List<Operand> operands, List<DType> params, List<Instr> body) {
    switch (instr) {
      case Instr.Load load -> {
        require(load.operand() >= 0 && load.operand() < operands.size(), "load of no operand");
        require(operands.get(load.operand()).dtype() == load.dtype(), "load of another dtype");
      }
      case Instr.Param param -> {
        require(param.index() >= 0 && param.index() < params.size(), "no such parameter");
        require(params.get(param.index()) == param.dtype(), "parameter of another dtype");
      }
      case Instr.Const constant -> {
        // Every pattern of bits is a constant.
      }
      case Instr.Apply apply -> {
        for (int k = 0; k < 3; k++) {
          int argument = apply.argument(k);
          boolean used = k < apply.op().arity();
          require(used ? argument >= 0 && argument < at : argument == -1, "argument out of order");
        }
        checkTypes(apply, body);
      }
    }
  }

  private static void checkTypes(Instr.Apply apply, List<Instr> body) {
    DType type = apply.dtype();
    DType a = body.get(apply.a()).dtype();
    boolean alike = apply.b() < 0 || body.get(apply.b()).dtype() == a;
    String what = apply.op() + " " + a + " to " + type;
    switch (apply.op()) {
      case ADD, SUB, MUL, NEG, ABS, MIN, MAX ->
          require(alike && a == type && type.isNumeric(), what);
      case DIV, SQRT -> require(alike && a == type && type.isFloat(), what);
      case FMA ->
          require(
              alike && a == type && type.isFloat() && body.get(apply.c()).dtype() == type, what);
      case FLOOR_DIV, FLOOR_MOD, SHL, SHR, INTEGER_POW ->
          require(alike && a == type && type.isInteger(), what);
      case AND, OR, XOR, NOT ->
          require(alike && a == type && (type.isInteger() || type == DType.BOOL), what);
      case EQ, NE, LT, LE, GT, GE -> require(alike && type == DType.BOOL, what);
      case SELECT, RARE ->
          require(
              a == DType.BOOL
                  && body.get(apply.b()).dtype() == type
                  && body.get(apply.c()).dtype() == type,
              what);
      case CAST ->
          require(
              a != type
                  && type != DType.BOOL
                  && (!a.isFloat() || type.isFloat() || type == DType.INT32 || type == DType.INT64),
              what);
      case BITCAST ->
          require(
              a != type && a.bytes() == type.bytes() && a != DType.BOOL && type != DType.BOOL,
              what);
      default -> require(alike && a == type && type.isFloat(), what);
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError("malformed kernel: " + message);
    }
  }
}
