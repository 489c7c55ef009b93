package dev.kiln.cpu;

import dev.kiln.cpu.heat.Heat;
import dev.kiln.kernel.Kernel;
import java.util.concurrent.ConcurrentHashMap;

/** All loops of a backend, each made once. */
final class Loops {
  /** The longest wait for a loop to become hot. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /** Instructions that take cold scalar code about as long as a loop takes to become hot. */
  private static final long WORTH_WAITING = 1 << 25;

  private final VectorRules rules;
  private final Heat heat;
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
    return made.computeIfAbsent(kernel, this::make);
  }

  private CompiledLoop make(Kernel kernel) {
    CompiledLoop loop = new CompiledLoop(kernel, rules.form(kernel));
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

  /** Sees to it that a loop that is worth it gets its vector form. */
  void heat(CompiledLoop loop) {
    if (heat.when() != Heat.When.NEVER && loop.startWarming()) {
      heat.start(() -> new Heating(loop));
    }
  }

  /**
   * Waits for a loop's vector form, for work that would take longer than that in scalar code.
   *
   * @param instructions executed by the work, all threads together
   */
  void awaitHot(CompiledLoop loop, long instructions) {
    if (heat.when() != Heat.When.NEVER && instructions >= WORTH_WAITING) {
      loop.awaitHot(PATIENCE_NANOS);
    }
  }
}
