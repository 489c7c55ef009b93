package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import java.util.Objects;
import java.util.function.Supplier;
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
  private final int coldPiece;
  private final Supplier<PanelLoop> panelMaker;
  private final boolean folds;

  /** Guarded by this. */
  private Heat heat = Heat.COLD;

  private volatile @Nullable Loop vector;

  /** Made when first needed; in use from the moment that the kernel is worth more. */
  private volatile @Nullable Loop panels;

  /** Elements of a call that is worth a panel. */
  private volatile int worthAPanel = Integer.MAX_VALUE;

  /** Emitted when first needed: large work may never need it. */
  private volatile @Nullable Loop scalar;

  /** Counted without care: a call more or less makes no difference. */
  private int coldCalls;

  /** How far the vector form is. */
  private enum Heat {
    COLD,
    WARMING,
    HOT
  }

  CompiledLoop(Kernel kernel, VectorRules.Form form, Supplier<PanelLoop> panels) {
    this.panelMaker = panels;
    this.folds = form.isVector() && VectorEmitter.folds(kernel, form.lanes());
    this.kernel = kernel;
    this.form = form;
    this.coldPiece = kernel.reduces() ? COLD_REDUCTION_PIECE : COLD_PIECE;
  }

  Kernel kernel() {
    return kernel;
  }

  VectorRules.Form form() {
    return form;
  }

  /**
   * Has panels serve until the vector form is hot.
   *
   * @param fewest elements of a call that is worth it
   */
  synchronized void usePanels(int fewest) {
    if (form.isVector() && worthAPanel > fewest) {
      worthAPanel = fewest;
    }
  }

  /** Whether the vector form is in use. */
  boolean isHot() {
    return vector != null;
  }

  /** Claims the work of heating; false where somebody has, or where there is no vector form. */
  synchronized boolean startWarming() {
    if (!form.isVector() || heat != Heat.COLD) {
      return false;
    }
    heat = Heat.WARMING;
    return true;
  }

  private Loop scalar() {
    Loop made = scalar;
    return made == null ? emitScalar() : made;
  }

  private synchronized Loop emitScalar() {
    if (scalar == null) {
      scalar = ScalarEmitter.emit(kernel);
    }
    return Objects.requireNonNull(scalar);
  }

  private Loop panels() {
    Loop made = panels;
    return made == null ? makePanels() : made;
  }

  private synchronized Loop makePanels() {
    if (panels == null) {
      panels = panelMaker.get();
    }
    return Objects.requireNonNull(panels);
  }

  /** Emits the vector form, which nobody uses yet. */
  Loop emitVector() {
    return VectorEmitter.emit(kernel, form.lanes());
  }

  /** Makes the vector form the one in use. */
  synchronized void finishWarming(Loop hot) {
    heat = Heat.HOT;
    vector = hot;
  }

  /**
   * Runs indices 0 to n, in vector code from the moment that is hot.
   *
   * @return whether whole blocks of a reduction are folded into their first lanes, see {@link
   *     Lanes#fold}, which changes nothing any more
   */
  boolean run(long[] arguments, int n) {
    boolean folded = folds && vector != null;
    run(arguments, 0, n);
    return folded;
  }

  /** Runs some indices; those of a reduction begin with a whole group of lanes. */
  void run(long[] arguments, int from, int n) {
    int at = from;
    while (at < n) {
      Loop fast = vector;
      if (fast == null) {
        at = coldly(arguments, at, n);
      } else {
        at = fast.run(arguments, at, n);
        if (at < n) {
          // A reduction takes whole groups of lanes, and never stops early.
          int rest = kernel.reduces() ? n : Math.min(n, at + form.lanes());
          at = scalar().run(arguments, at, rest);
        }
      }
    }
  }

  /**
   * Panels, and scalar code in short calls, each of which takes up what the JIT compiler has
   * finished by then: the first ones very short, so that it takes notice before much time is spent
   * in the interpreter.
   */
  private int coldly(long[] arguments, int from, int to) {
    int at = from;
    while (at < to && vector == null) {
      if (to - at >= worthAPanel) {
        int end = Math.min(to, at + PIECE);
        at = panels().run(arguments, at, end);
        if (at < end) {
          at = scalar().run(arguments, at, Math.min(end, at + PanelLoop.PANEL));
        }
        continue;
      }
      int piece = PIECE;
      if (coldCalls < COLD_CALLS) {
        coldCalls++;
        piece = coldPiece;
      }
      at = scalar().run(arguments, at, Math.min(to, at + piece));
    }
    return at;
  }

  synchronized String describe() {
    if (!form.isVector()) {
      return "scalar (" + form.reason() + ")";
    }
    return switch (heat) {
      case COLD, WARMING -> "vectors of " + form.lanes() + " lanes (not yet hot)";
      case HOT -> "vectors of " + form.lanes() + " lanes";
    };
  }
}
