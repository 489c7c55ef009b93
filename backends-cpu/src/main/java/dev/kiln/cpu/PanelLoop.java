package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import java.lang.classfile.TypeKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel of one loop dimension, one operation after another over a panel of elements that stays
 * in the first-level cache: several times slower than the kernel's own vector loop, but made of
 * {@link Primitives}, which all kernels share. So it is quick when the kernel is new.
 *
 * <p>Like a vector loop it stops early, before a panel that has a rare case.
 */
final class PanelLoop implements Loop {
  /** Elements of a panel; whole groups of a reduction's lanes. */
  static final int PANEL = 1024;

  private final Kernel kernel;
  private final Needed needed;
  private final List<TypeKind> kinds = new ArrayList<>();
  private final List<Constant> constants = new ArrayList<>();

  /** For values that are the same at all indices of a call. */
  private final List<PanelStep.Fill> fills = new ArrayList<>();

  private final PanelStep[] steps;
  private final Pool<Panels> pool = new Pool<>(16, this::panels);

  /** A panel whose elements are equal, whatever is called. */
  private record Constant(Instr.Const value, int panel) {}

  PanelLoop(Kernel kernel, Primitives primitives) {
    this.kernel = kernel;
    this.needed = Needed.by(kernel.body(), kernel.outputs().stream().map(Output::value).toList());
    this.steps = plan(primitives).toArray(PanelStep[]::new);
  }

  private List<PanelStep> plan(Primitives primitives) {
    List<PanelStep> plan = new ArrayList<>();
    List<Instr> body = kernel.body();
    int[] lastUse = lastUses();
    int[] panel = new int[body.size()];
    Map<TypeKind, ArrayDeque<Integer>> free = new EnumMap<>(TypeKind.class);
    for (int at = 0; at < body.size(); at++) {
      if (!needed.usually(at)) {
        continue;
      }
      Instr instr = body.get(at);
      switch (instr) {
        case Instr.Const value -> {
          panel[at] = newPanel(value.dtype());
          constants.add(new Constant(value, panel[at]));
        }
        case Instr.Param(DType dtype, int p) -> {
          panel[at] = newPanel(dtype);
          fills.add(new PanelStep.Fill(dtype, Arguments.param(kernel, p), false, panel[at]));
        }
        case Instr.Load(DType dtype, int k) -> {
          if (kernel.operands().get(k).access() == Operand.Access.BROADCAST) {
            panel[at] = newPanel(dtype);
            fills.add(new PanelStep.Fill(dtype, Arguments.operand(k), true, panel[at]));
          } else {
            panel[at] = freePanel(dtype, free);
            plan.add(new PanelStep.Load(dtype, Arguments.operand(k), panel[at]));
          }
        }
        case Instr.Apply apply when apply.op() == Opcode.RARE -> {
          plan.add(new PanelStep.LeaveIfAny(panel[apply.a()]));
          panel[at] = panel[apply.c()];
        }
        case Instr.Apply apply when isMove(apply, body) -> {
          panel[at] = freePanel(apply.dtype(), free);
          plan.add(new PanelStep.Move(apply.dtype(), panel[apply.a()], panel[at]));
        }
        case Instr.Apply apply -> {
          panel[at] = freePanel(apply.dtype(), free);
          plan.add(
              new PanelStep.Apply(
                  primitives.of(apply, body),
                  panel[apply.a()],
                  panel[Math.max(apply.b(), 0)],
                  panel[Math.max(apply.c(), 0)],
                  panel[at]));
        }
      }
      for (int used = 0; used <= at; used++) {
        if (lastUse[used] == at && isPassing(body.get(used))) {
          free.computeIfAbsent(kind(body.get(used).dtype()), k -> new ArrayDeque<>())
              .push(panel[used]);
        }
      }
    }
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output output = kernel.outputs().get(o);
      int argument = Arguments.output(kernel, o);
      int from = panel[output.value()];
      plan.add(
          switch (output) {
            case Output.Store(DType dtype, _, _) -> new PanelStep.Store(dtype, argument, from);
            case Output.Reduce(ReduceOp op, DType dtype, _) ->
                new PanelStep.Fold(
                    dtype,
                    argument,
                    from,
                    newPanel(dtype),
                    newPanel(dtype),
                    primitives.fold(Lanes.combine(op, dtype), dtype));
          });
    }
    return plan;
  }

  /** Whether its result has the bytes of its argument, in a panel of another type. */
  private static boolean isMove(Instr.Apply apply, List<Instr> body) {
    return apply.op() == Opcode.BITCAST && kind(apply.dtype()) != kind(body.get(apply.a()).dtype());
  }

  /** Whether a value's panel is its own and serves others afterwards. */
  private boolean isPassing(Instr instr) {
    return switch (instr) {
      case Instr.Const _, Instr.Param _ -> false;
      case Instr.Load load ->
          kernel.operands().get(load.operand()).access() != Operand.Access.BROADCAST;
      case Instr.Apply apply -> apply.op() != Opcode.RARE;
    };
  }

  /** For each value the last instruction that reads its panel; beyond the body for outputs. */
  private int[] lastUses() {
    List<Instr> body = kernel.body();
    int[] last = new int[body.size()];
    Arrays.fill(last, -1);
    kernel.outputs().forEach(output -> last[output.value()] = body.size());
    for (int at = body.size() - 1; at >= 0; at--) {
      if (!needed.usually(at) || !(body.get(at) instanceof Instr.Apply apply)) {
        continue;
      }
      boolean rare = apply.op() == Opcode.RARE;
      for (int k = 0; k < apply.op().arity(); k++) {
        if (!rare || k != 1) {
          int used = apply.argument(k);
          // What stands for its usual value lives as long as that.
          last[used] = Math.max(last[used], rare && k == 2 ? last[at] : at);
        }
      }
    }
    return last;
  }

  private static TypeKind kind(DType dtype) {
    return Carrier.of(dtype).kind;
  }

  private int newPanel(DType dtype) {
    kinds.add(kind(dtype));
    return kinds.size() - 1;
  }

  private int freePanel(DType dtype, Map<TypeKind, ArrayDeque<Integer>> free) {
    ArrayDeque<Integer> offered = free.get(kind(dtype));
    return offered == null || offered.isEmpty() ? newPanel(dtype) : offered.pop();
  }

  private Panels panels() {
    Panels panels = new Panels(kinds, PANEL);
    for (Constant constant : constants) {
      panels.fill(constant.panel(), constant.value().dtype(), constant.value().bits());
    }
    return panels;
  }

  @Override
  public int run(long[] arguments, int from, int to) {
    Panels panels = pool.take();
    for (PanelStep.Fill fill : fills) {
      fill.run(panels, arguments);
    }
    int at = from;
    while (at < to) {
      int n = Math.min(PANEL, to - at);
      if (kernel.reduces()) {
        n = Math.min(n, Lanes.BLOCK - at % Lanes.BLOCK); // each block has its own lanes
      }
      if (!run(panels, arguments, at, n)) {
        break;
      }
      at += n;
    }
    pool.give(panels);
    return at;
  }

  /** Runs a panel; false where it has a rare case, and nothing is written. */
  private boolean run(Panels panels, long[] arguments, int at, int n) {
    for (PanelStep step : steps) {
      if (!step.run(panels, arguments, at, n)) {
        return false;
      }
    }
    return true;
  }
}
