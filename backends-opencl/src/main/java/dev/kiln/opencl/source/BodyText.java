package dev.kiln.opencl.source;

import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The instructions of a body as statements, one variable each.
 *
 * <p>{@link Opcode#RARE} takes two passes: a loop that knows only the usual values, which compilers
 * turn into vectors, and remembers whether any element asked for the dear one; and, only then, a
 * second one over the elements that did.
 */
final class BodyText {
  private final List<Instr> body;
  private final Operation operation;
  private final IntFunction<String> load;

  /** The loop's code: which elements it is for. */
  enum Pass {
    /** All elements, as if nothing were rare. */
    USUAL,
    /** An element that something is rare for. */
    WHOLE
  }

  /**
   * A body's text.
   *
   * @param load the expression of the current element of an operand
   */
  BodyText(List<Instr> body, Helpers helpers, IntFunction<String> load) {
    this.body = body;
    this.operation = new Operation(helpers);
    this.load = load;
  }

  /** The conditions for which the usual values that these come from are wrong. */
  List<Integer> rareConditions(List<Integer> roots) {
    BitSet needed = needed(roots, Pass.USUAL);
    List<Integer> conditions = new ArrayList<>();
    for (int at = needed.nextSetBit(0); at >= 0; at = needed.nextSetBit(at + 1)) {
      if (body.get(at) instanceof Instr.Apply apply
          && apply.op() == Opcode.RARE
          && !conditions.contains(apply.a())) {
        conditions.add(apply.a());
      }
    }
    return conditions;
  }

  /** Adds the statements that these values come from. */
  void statements(Lines lines, List<Integer> roots, Pass pass) {
    BitSet needed = needed(roots, pass);
    for (int at = needed.nextSetBit(0); at >= 0; at = needed.nextSetBit(at + 1)) {
      Instr instr = body.get(at);
      lines.add(
          "const " + CType.value(instr.dtype()) + " v" + at + " = " + expression(instr, pass));
    }
  }

  /** The variable of a value. */
  static String value(int number) {
    return "v" + number;
  }

  private BitSet needed(List<Integer> roots, Pass pass) {
    BitSet needed = new BitSet();
    roots.forEach(needed::set);
    for (int at = body.size() - 1; at >= 0; at--) {
      if (needed.get(at) && body.get(at) instanceof Instr.Apply apply) {
        for (int k = 0; k < apply.op().arity(); k++) {
          boolean dear = apply.op() == Opcode.RARE && k == 1;
          if (!dear || pass == Pass.WHOLE) {
            needed.set(apply.argument(k));
          }
        }
      }
    }
    return needed;
  }

  private String expression(Instr instr, Pass pass) {
    return switch (instr) {
      case Instr.Load(var dtype, int operand) -> load.apply(operand) + ";";
      case Instr.Param param -> "p" + param.index() + ";";
      case Instr.Const(var dtype, long bits) ->
          CType.literal(dtype, bits)
              + ";"
              + (dtype.isFloat() ? " // " + Bits.toString(dtype, bits) : "");
      case Instr.Apply(Opcode op, var dtype, int a, int b, int c) -> {
        if (op == Opcode.RARE && pass == Pass.USUAL) {
          yield value(c) + ";";
        }
        yield operation.of(op, dtype, body.get(a).dtype(), value(a), value(b), value(c)) + ";";
      }
    };
  }
}
