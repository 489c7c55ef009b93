package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * What one value of a kernel's body depends on, as a body of its own.
 *
 * @param operands with the accesses that the kernel has
 * @param operandSources which of the kernel's operands they are
 * @param paramSources which of the kernel's parameters the part's are
 * @param value the number of the value's instruction
 */
record Part(
    List<Operand> operands,
    List<Integer> operandSources,
    List<DType> params,
    List<Integer> paramSources,
    List<Instr> body,
    int value) {

  /** The part of a kernel that makes a value. */
  static Part of(Kernel kernel, int value) {
    boolean[] wanted = new boolean[value + 1];
    wanted[value] = true;
    for (int at = value; at >= 0; at--) {
      if (wanted[at] && kernel.body().get(at) instanceof Instr.Apply apply) {
        for (int k = 0; k < apply.op().arity(); k++) {
          wanted[apply.argument(k)] = true;
        }
      }
    }
    List<Operand> operands = new ArrayList<>();
    List<Integer> operandSources = new ArrayList<>();
    List<DType> params = new ArrayList<>();
    List<Integer> paramSources = new ArrayList<>();
    List<Instr> body = new ArrayList<>();
    int[] numbers = new int[value + 1];
    for (int at = 0; at <= value; at++) {
      if (!wanted[at]) {
        continue;
      }
      numbers[at] = body.size();
      body.add(
          switch (kernel.body().get(at)) {
            case Instr.Const constant -> constant;
            case Instr.Param(DType dtype, int p) -> {
              params.add(dtype);
              paramSources.add(p);
              yield new Instr.Param(dtype, params.size() - 1);
            }
            case Instr.Load(DType dtype, int k) -> {
              operands.add(kernel.operands().get(k));
              operandSources.add(k);
              yield new Instr.Load(dtype, operands.size() - 1);
            }
            case Instr.Apply(Opcode op, DType dtype, int a, int b, int c) ->
                new Instr.Apply(
                    op, dtype, numbers[a], b < 0 ? -1 : numbers[b], c < 0 ? -1 : numbers[c]);
          });
    }
    return new Part(operands, operandSources, params, paramSources, body, body.size() - 1);
  }

  /** A part that just reads elements. */
  static Part read(DType dtype, Operand.Access access) {
    return new Part(
        List.of(new Operand(Operand.Source.MEMORY, dtype, access)),
        List.of(0),
        List.of(),
        List.of(),
        List.of(new Instr.Load(dtype, 0)),
        0);
  }

  DType dtype() {
    return body.get(value).dtype();
  }

  /** Whether the values lie in memory as they are. */
  boolean isRead() {
    return body.size() == 1
        && operands.size() == 1
        && operands.getFirst().source() == Operand.Source.MEMORY;
  }

  /** The same with other accesses. */
  Part with(List<Operand.Access> accesses) {
    List<Operand> changed = new ArrayList<>();
    for (int k = 0; k < operands.size(); k++) {
      changed.add(new Operand(operands.get(k).source(), operands.get(k).dtype(), accesses.get(k)));
    }
    return new Part(changed, operandSources, params, paramSources, body, value);
  }

  /**
   * Appends the body to another.
   *
   * @param firstOperand the other's operand that is this part's first
   * @return the number of the value there
   */
  int appendTo(List<Instr> target, int firstOperand) {
    int first = target.size();
    for (Instr instr : body) {
      target.add(
          switch (instr) {
            case Instr.Const constant -> constant;
            case Instr.Param param -> param;
            case Instr.Load(DType dtype, int k) -> new Instr.Load(dtype, firstOperand + k);
            case Instr.Apply(Opcode op, DType dtype, int a, int b, int c) ->
                new Instr.Apply(
                    op, dtype, first + a, b < 0 ? -1 : first + b, c < 0 ? -1 : first + c);
          });
    }
    return first + value;
  }

  /** The kernel that stores the values one after another. */
  Kernel store() {
    return new Kernel(
        1,
        0,
        operands,
        params,
        body,
        List.of(new Output.Store(dtype(), value, Operand.Access.CONTIGUOUS)));
  }

  /** The kernel that reduces the values into lanes. */
  Kernel reduce(dev.kiln.kernel.ReduceOp op) {
    return new Kernel(0, 1, operands, params, body, List.of(new Output.Reduce(op, dtype(), value)));
  }
}
