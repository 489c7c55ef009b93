package dev.kiln.cpu;

import dev.kiln.cpu.heat.Heat;
import dev.kiln.kernel.Kernel;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** All loops of a backend, each made once. */
final class Loops {
  /**
   * How long panels have the processor and the JIT compiler for themselves, for each instruction
   * and at most: about what heating the loop takes.
   */
  private static final long HEAD_START_NANOS = 3_000_000;

  private static final long LONGEST_HEAD_START_NANOS = 150_000_000;

  /** And longer while they are still at the work that has asked. */
  private static final long MORE_AT_WORK_NANOS = 300_000_000;

  /** The same for primitives that nobody has called yet. */
  private static final long PRIMITIVES_LATER_NANOS = 500_000_000;

  /** Elements that scalar code takes longer for than panels, which have some cost each. */
  private static final int WORTH_A_PANEL = 64;

  private final VectorRules rules;
  private final Heat heat;
  private final AtomicBoolean heatsPrimitives = new AtomicBoolean();
  private final ConcurrentHashMap<Kernel, CompiledLoop> made = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param vectorBytes the width of vectors, or 0 for none
   */
  Loops(int vectorBytes, Heat heat) {
    this.rules = new VectorRules(vectorBytes);
    this.heat = heat;
  }

  VectorRules rules() {
    return rules;
  }

  /** The loop of a kernel of one loop dimension. */
  CompiledLoop of(Kernel kernel) {
    CompiledLoop loop = made.computeIfAbsent(kernel, this::make);
    if (heat.when() == Heat.When.NEVER) {
      loop.usePanels(1);
    }
    return loop;
  }

  /** A kernel by panels; empty where nothing is computed by them. */
  Optional<PanelLoop> panels(Kernel kernel) {
    boolean used = heat.when() == Heat.When.BACKGROUND || heat.when() == Heat.When.NEVER;
    return used && rules.form(kernel).isVector()
        ? Optional.of(new PanelLoop(kernel, Primitives.SHARED))
        : Optional.empty();
  }

  /** Whether panels serve from the beginning, be there much work or little. */
  boolean panelsAlways() {
    return heat.when() == Heat.When.NEVER;
  }

  private CompiledLoop make(Kernel kernel) {
    CompiledLoop loop =
        new CompiledLoop(
            kernel, rules.form(kernel), () -> new PanelLoop(kernel, Primitives.SHARED));
    switch (heat.when()) {
      case ALWAYS -> {
        if (loop.startWarming()) {
          loop.finishWarming(loop.emitVector());
        }
      }
      case AT_ONCE -> heat(loop);
      case BACKGROUND, NEVER -> {}
    }
    return loop;
  }

  private static long headStart(CompiledLoop loop) {
    return Math.min(LONGEST_HEAD_START_NANOS, HEAD_START_NANOS * loop.kernel().body().size());
  }

  /** Sees to it that a loop that is worth it gets its vector form, and panels until then. */
  void heat(CompiledLoop loop) {
    if (heat.when() == Heat.When.BACKGROUND && loop.form().isVector()) {
      loop.usePanels(WORTH_A_PANEL);
      if (heatsPrimitives.compareAndSet(false, true)) {
        heat.start(() -> new HeatingPrimitives(Primitives.SHARED), PRIMITIVES_LATER_NANOS, 0);
      }
    }
    if (heat.when() != Heat.When.NEVER && loop.startWarming()) {
      long nanos = headStart(loop);
      heat.start(() -> new Heating(loop), nanos, MORE_AT_WORK_NANOS);
    }
  }
}
