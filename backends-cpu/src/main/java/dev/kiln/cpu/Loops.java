package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import java.util.concurrent.ConcurrentHashMap;

/** All loops of a backend, each made once. */
final class Loops implements AutoCloseable {
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
    } else if (isHeating() && settings.heatAtOnce() && loop.startWarming()) {
      heater.heat(loop);
    }
    return loop;
  }

  private boolean isHeating() {
    return settings.vectors() == Settings.Vectors.AUTO;
  }

  /** Sees to it that a loop that is worth it gets its vector form. */
  void heat(CompiledLoop loop) {
    if (isHeating() && loop.startWarming()) {
      heater.later(loop);
    }
  }

  @Override
  public void close() {
    heater.close();
  }
}
