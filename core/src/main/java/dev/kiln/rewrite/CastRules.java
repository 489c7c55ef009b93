package dev.kiln.rewrite;

import static dev.kiln.graph.ElementOp.CAST;

import dev.kiln.DType;
import dev.kiln.graph.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conversions that change nothing, or that another conversion makes superfluous, vanish. */
final class CastRules {
  private CastRules() {}

  static final List<Rule> ALL =
      List.of(
          Rule.unary(
              CAST,
              "cast to the same dtype -> x",
              (node, x) -> node.dtype() == x.dtype() ? Canonical.same(x) : null),
          Rule.unary(
              CAST, "cast(cast(x)) -> cast(x), where nothing is lost between", CastRules::through));

  private static @Nullable Node through(Node node, Node inner) {
    if (!Match.is(inner, CAST)) {
      return null;
    }
    Node x = inner.input(0);
    if (!isSuperfluous(x.dtype(), inner.dtype(), node.dtype())) {
      return null;
    }
    return x.dtype() == node.dtype() ? Canonical.same(x) : Make.map(CAST, node.dtype(), x);
  }

  /**
   * Whether a conversion from one dtype to the last gives the same with and without the one
   * between.
   */
  static boolean isSuperfluous(DType from, DType between, DType to) {
    if (from.isInteger() && between.isInteger() && to.isInteger() && to.bits() <= between.bits()) {
      return true; // wrapping: only the lowest bits count
    }
    if (from.isInteger() && between.isInteger() && to == DType.BOOL) {
      return between.bits() >= from.bits(); // no bit is lost, so what is not 0 stays so
    }
    if (!holds(between, from)) {
      return false;
    }
    // Integers wrap among themselves but saturate when they come from floats.
    boolean saturates = from.isInteger() && between.isFloat() && to.isInteger();
    return !saturates || holds(to, from);
  }

  /** Whether a dtype represents every value of another. */
  private static boolean holds(DType wide, DType narrow) {
    if (wide == narrow || narrow == DType.BOOL) {
      return true;
    }
    return switch (wide.kind()) {
      case BOOL, COMPLEX -> false;
      case SIGNED ->
          narrow.isInteger() && narrow.bits() + (narrow.isUnsigned() ? 1 : 0) <= wide.bits();
      case UNSIGNED -> narrow.isUnsigned() && narrow.bits() <= wide.bits();
      case FLOAT ->
          narrow.isFloat()
              ? narrow.bits() <= wide.bits()
              : narrow.isInteger() && narrow.bits() <= (wide == DType.FLOAT32 ? 16 : 32);
    };
  }
}
