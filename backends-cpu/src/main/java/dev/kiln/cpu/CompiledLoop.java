package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/**
 * The code of a kernel of one loop dimension: scalar from the start, with a vector form beside it
 * as soon as that is fast. Both make the same bits, so nobody sees the change.
 */
final class CompiledLoop {
  private static final int COLD_CALLS = 1000;

  /** A multiple of every number of lanes. */
  private static final int COLD_PIECE = 128;

  private final Kernel kernel;
  private final VectorRules.Form form;
  private final Loop scalar;

  /** Guarded by this. */
  private Heat heat = Heat.COLD;

  private volatile @Nullable Loop vector;

  /** Counted without care: a call more or less makes no difference. */
  private int coldCalls;

  /** How far the vector form is. */
  private enum Heat {
    COLD,
    WARMING,
    HOT,
    GIVEN_UP
  }

  CompiledLoop(Kernel kernel, VectorRules.Form form) {
    this.kernel = kernel;
    this.form = form;
    this.scalar = ScalarEmitter.emit(kernel);
  }

  Kernel kernel() {
    return kernel;
  }

  VectorRules.Form form() {
    return form;
  }

  /** Claims the work of heating; false where somebody has, or where there is no vector form. */
  synchronized boolean startWarming() {
    if (!form.isVector() || heat != Heat.COLD) {
      return false;
    }
    heat = Heat.WARMING;
    return true;
  }

  /** Emits the vector form, which nobody uses yet. */
  Loop emitVector() {
    return VectorEmitter.emit(kernel, form.lanes());
  }

  /** Makes the vector form the one in use; null where it never became fast. */
  synchronized void finishWarming(@Nullable Loop hot) {
    heat = hot == null ? Heat.GIVEN_UP : Heat.HOT;
    vector = hot;
  }

  /** Runs indices 0 to n. */
  void run(long[] arguments, int n) {
    Loop fast = vector;
    int at = 0;
    if (fast != null) {
      int lanes = form.lanes();
      at = fast.run(arguments, 0, n);
      // A reduction takes whole groups of lanes, and never stops early.
      if (!kernel.reduces()) {
        while (n - at >= lanes) {
          at = scalarly(arguments, at, at + lanes);
          at = fast.run(arguments, at, n);
        }
      }
    }
    if (at < n) {
      scalarly(arguments, at, n);
    }
  }

  /** Many short calls first: so the JIT compiler takes notice sooner than by one long one. */
  private int scalarly(long[] arguments, int from, int to) {
    int at = from;
    while (at < to && coldCalls < COLD_CALLS) {
      coldCalls++;
      at = scalar.run(arguments, at, Math.min(to, at + COLD_PIECE));
    }
    return at < to ? scalar.run(arguments, at, to) : at;
  }

  synchronized String describe() {
    if (!form.isVector()) {
      return "scalar (" + form.reason() + ")";
    }
    return switch (heat) {
      case COLD, WARMING -> "vectors of " + form.lanes() + " lanes (not yet hot: scalar)";
      case HOT -> "vectors of " + form.lanes() + " lanes";
      case GIVEN_UP -> "scalar (its vector code is not compiled well by this JVM)";
    };
  }
}
