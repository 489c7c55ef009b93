package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import java.util.concurrent.ConcurrentHashMap;

/** All loops of a backend, each made once. */
final class Loops implements AutoCloseable {
  /** The longest wait for a loop to become hot. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /** Instructions that take cold scalar code about as long as a loop takes to become hot. */
  private static final long WORTH_WAITING = 1 << 25;

  private final VectorRules rules;
  private final Settings settings;
  private final Heater heater = new Heater();
  private final ConcurrentHashMap<Kernel, CompiledLoop> made = new ConcurrentHashMap<>();

  Loops(VectorUnit unit, Settings settings) {
    this.rules = new VectorRules(settings.vectors() == Settings.Vectors.NEVER ? 0 : unit.bytes());
    this.settings = settings;
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
    if (settings.vectors() == Settings.Vectors.ALWAYS && loop.startWarming()) {
      loop.finishWarming(loop.emitVector());
    } else if (settings.heatAtOnce()) {
      heat(loop);
      loop.awaitHot(PATIENCE_NANOS);
    }
    return loop;
  }

  private boolean isHeating() {
    return settings.vectors() == Settings.Vectors.AUTO;
  }

  /** Sees to it that a loop that is worth it gets its vector form. */
  void heat(CompiledLoop loop) {
    if (isHeating() && loop.startWarming()) {
      heater.heat(loop);
    }
  }

  /**
   * Waits for a loop's vector form, for work that would take longer than that in scalar code.
   *
   * @param instructions executed by the work, all threads together
   */
  void awaitHot(CompiledLoop loop, long instructions) {
    if (isHeating() && instructions >= WORTH_WAITING) {
      loop.awaitHot(PATIENCE_NANOS);
    }
  }

  @Override
  public void close() {
    heater.close();
  }
}
