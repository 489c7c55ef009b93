package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The code of a kernel of one loop dimension: scalar from the start, with a vector form beside it
 * as soon as that is fast. Both make the same bits, so nobody sees the change.
 */
final class CompiledLoop {
  private static final int COLD_CALLS = 1000;

  /** Elements of one of these calls; of a reduction all lanes take part. */
  private static final int COLD_PIECE = 16;

  private static final int COLD_REDUCTION_PIECE = Lanes.BYTES;

  /** Elements of a later call. */
  private static final int PIECE = 1024;

  private final Kernel kernel;
  private final VectorRules.Form form;
  private final Loop scalar;
  private final int coldPiece;

  /** Guarded by this. */
  private Heat heat = Heat.COLD;

  private volatile @Nullable Loop vector;

  /** Counted without care: a call more or less makes no difference. */
  private int coldCalls;

  /** How far the vector form is. */
  private enum Heat {
    COLD,
    WARMING,
    HOT
  }

  CompiledLoop(Kernel kernel, VectorRules.Form form) {
    this.kernel = kernel;
    this.form = form;
    this.scalar = ScalarEmitter.emit(kernel);
    this.coldPiece = kernel.reduces() ? COLD_REDUCTION_PIECE : COLD_PIECE;
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

  /** Makes the vector form the one in use. */
  synchronized void finishWarming(Loop hot) {
    heat = Heat.HOT;
    vector = hot;
    notifyAll();
  }

  /** Waits until the vector form is in use if it is to be, or that many nanoseconds are over. */
  void awaitHot(long nanos) {
    if (vector != null) {
      return;
    }
    long deadline = System.nanoTime() + nanos;
    synchronized (this) {
      try {
        for (long left = nanos; heat == Heat.WARMING && left > 0; ) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
          left = deadline - System.nanoTime();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Runs indices 0 to n, in vector code from the moment that is hot. */
  void run(long[] arguments, int n) {
    int at = 0;
    while (at < n) {
      Loop fast = vector;
      if (fast == null) {
        at = coldly(arguments, at, n);
      } else {
        at = fast.run(arguments, at, n);
        if (at < n) {
          // A reduction takes whole groups of lanes, and never stops early.
          int rest = kernel.reduces() ? n : Math.min(n, at + form.lanes());
          at = scalar.run(arguments, at, rest);
        }
      }
    }
  }

  /**
   * Scalar code in short calls, each of which takes up what the JIT compiler has finished by then:
   * the first ones very short, so that it takes notice before much time is spent in the
   * interpreter.
   */
  private int coldly(long[] arguments, int from, int to) {
    int at = from;
    while (at < to && vector == null) {
      int piece = PIECE;
      if (coldCalls < COLD_CALLS) {
        coldCalls++;
        piece = coldPiece;
      }
      at = scalar.run(arguments, at, Math.min(to, at + piece));
    }
    return at;
  }

  synchronized String describe() {
    if (!form.isVector()) {
      return "scalar (" + form.reason() + ")";
    }
    return switch (heat) {
      case COLD, WARMING -> "vectors of " + form.lanes() + " lanes (not yet hot: scalar)";
      case HOT -> "vectors of " + form.lanes() + " lanes";
    };
  }
}
