package dev.kiln.rewrite;

import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Routine;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes can hold no NaN but the canonical one.
 *
 * <p>Arithmetic makes every NaN canonical, data movement keeps its payload. So {@code x * 1} is x
 * only where x holds no other NaN to begin with: where it is computed, not loaded.
 */
final class Canonical {
  private Canonical() {}

  /** Whether every NaN among the elements is canonical; false where that is not known. */
  static boolean isCanonical(Node node) {
    if (!node.dtype().isFloat()) {
      return true;
    }
    Node origin = node;
    while (origin.op().isView()) {
      origin = origin.input(0);
    }
    return switch (origin.op()) {
      case Op.Map map -> true;
      case Op.Reduce reduce -> true;
      case Op.Call call -> !(call.routine() instanceof Routine.Foreign); // which may write any NaN
      case Op.Iota iota -> true;
      case Op.Scalar scalar -> Bits.canonical(origin.dtype(), scalar.bits()) == scalar.bits();
      case Op.Source source -> false;
      case Op.Concat concat -> false; // its inputs may be many; not worth a walk
      case Op.Broadcast view -> throw new AssertionError(view);
      case Op.Reshape view -> throw new AssertionError(view);
      case Op.Permute view -> throw new AssertionError(view);
      case Op.Slice view -> throw new AssertionError(view);
    };
  }

  /**
   * The node in place of arithmetic that returns its argument: itself where canonical, otherwise
   * null.
   */
  static @Nullable Node same(Node node) {
    return isCanonical(node) ? node : null;
  }
}
