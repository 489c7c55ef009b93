package dev.kiln.cpu;

import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import java.util.ArrayList;
import java.util.List;

/**
 * Which instructions of a body some of its values depend on, and which of these only in rare cases:
 * as the second argument of {@link Opcode#RARE}.
 */
final class Needed {
  private final List<Instr> body;
  private final boolean[] usually;

  private Needed(List<Instr> body, boolean[] usually) {
    this.body = body;
    this.usually = usually;
  }

  static Needed by(List<Instr> body, Iterable<Integer> values) {
    boolean[] usually = new boolean[body.size()];
    for (int value : values) {
      usually[value] = true;
    }
    for (int at = body.size() - 1; at >= 0; at--) {
      if (usually[at] && body.get(at) instanceof Instr.Apply apply) {
        for (int k = 0; k < apply.op().arity(); k++) {
          usually[apply.argument(k)] |= usual(apply, k);
        }
      }
    }
    return new Needed(body, usually);
  }

  /** Whether an instruction's value is needed at every element. */
  boolean usually(int at) {
    return usually[at];
  }

  /** The instructions, in order, that must run in the rare case before its value is there. */
  List<Integer> rarely(Instr.Apply rare) {
    boolean[] wanted = new boolean[body.size()];
    wanted[rare.b()] = true;
    for (int at = rare.b(); at >= 0; at--) {
      if (wanted[at] && !usually[at] && body.get(at) instanceof Instr.Apply apply) {
        for (int k = 0; k < apply.op().arity(); k++) {
          wanted[apply.argument(k)] |= usual(apply, k);
        }
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int at = 0; at <= rare.b(); at++) {
      if (wanted[at] && !usually[at]) {
        order.add(at);
      }
    }
    return order;
  }

  /** Whether an argument is needed whenever the instruction is. */
  static boolean usual(Instr.Apply apply, int k) {
    return apply.op() != Opcode.RARE || k != 1;
  }
}
