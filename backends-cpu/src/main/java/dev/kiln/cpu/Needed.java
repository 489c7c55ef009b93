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

  /**
   * A {@link Opcode#RARE} instruction and those behind it with the same condition that can share
   * its branch: nothing that is usually needed is computed in between, and none reads another.
   */
  List<Integer> sharingBranch(int first) {
    List<Integer> group = new ArrayList<>(List.of(first));
    int condition = rareAt(first).a();
    for (int at = first + 1; at < body.size(); at++) {
      boolean elsewhere = usually[first] && !usually[at];
      if (elsewhere || body.get(at) instanceof Instr.Const) {
        continue;
      }
      if (!(body.get(at) instanceof Instr.Apply apply)
          || apply.op() != Opcode.RARE
          || apply.a() != condition
          || group.contains(apply.b())
          || group.contains(apply.c())
          || readsAny(rarely(List.of(at)), group)) {
        break;
      }
      group.add(at);
    }
    return group;
  }

  private boolean readsAny(List<Integer> readers, List<Integer> values) {
    for (int reader : readers) {
      if (body.get(reader) instanceof Instr.Apply apply) {
        for (int k = 0; k < apply.op().arity(); k++) {
          if (values.contains(apply.argument(k))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** A {@link Opcode#RARE} instruction. */
  Instr.Apply rareAt(int at) {
    return (Instr.Apply) body.get(at);
  }

  /**
   * The instructions, in order, that must run in the rare case before the values of {@link
   * Opcode#RARE} instructions are there.
   */
  List<Integer> rarely(List<Integer> group) {
    boolean[] wanted = new boolean[body.size()];
    int last = 0;
    for (int rare : group) {
      int value = rareAt(rare).b();
      wanted[value] = true;
      last = Math.max(last, value);
    }
    for (int at = last; at >= 0; at--) {
      if (wanted[at] && !usually[at] && body.get(at) instanceof Instr.Apply apply) {
        for (int k = 0; k < apply.op().arity(); k++) {
          wanted[apply.argument(k)] |= usual(apply, k);
        }
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int at = 0; at <= last; at++) {
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
