package dev.kiln.lower;

import dev.kiln.Shape;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From where a view's axes are to where its input's axes are. */
final class ViewMaps {
  private ViewMaps() {}

  /**
   * The map of the input of a view, given the map of the view.
   *
   * @return null for a reshape that is not affine in these loop dimensions
   */
  static @Nullable AffineMap through(Node view, AffineMap map, LoopSpace space) {
    Shape input = view.input(0).shape();
    return switch (view.op()) {
      case Op.Slice slice -> slice(slice, map);
      case Op.Permute permute -> permute(permute, map);
      case Op.Broadcast broadcast -> broadcast(input, map, space.rank());
      case Op.Reshape reshape -> reshape(view.shape(), input, map, space.extents());
      case Op.Source s -> throw notAView(view);
      case Op.Scalar s -> throw notAView(view);
      case Op.Iota i -> throw notAView(view);
      case Op.Map m -> throw notAView(view);
      case Op.Concat c -> throw notAView(view);
      case Op.Reduce r -> throw notAView(view);
      case Op.Call c -> throw notAView(view);
    };
  }

  private static AssertionError notAView(Node node) {
    return new AssertionError("not a view: " + node);
  }

  private static AffineMap slice(Op.Slice slice, AffineMap map) {
    long[] offset = new long[map.rank()];
    long[][] coef = new long[map.rank()][];
    for (int a = 0; a < offset.length; a++) {
      long step = slice.steps().get(a);
      offset[a] = slice.starts().get(a) + step * map.offset[a];
      coef[a] = map.coef[a].clone();
      for (int d = 0; d < coef[a].length; d++) {
        coef[a][d] *= step;
      }
    }
    return new AffineMap(offset, coef);
  }

  private static AffineMap permute(Op.Permute permute, AffineMap map) {
    long[] offset = new long[map.rank()];
    long[][] coef = new long[map.rank()][];
    for (int k = 0; k < offset.length; k++) {
      offset[permute.axes().get(k)] = map.offset[k];
      coef[permute.axes().get(k)] = map.coef[k];
    }
    return new AffineMap(offset, coef);
  }

  private static AffineMap broadcast(Shape input, AffineMap map, int loopRank) {
    int added = map.rank() - input.rank();
    long[] offset = new long[input.rank()];
    long[][] coef = new long[input.rank()][];
    for (int a = 0; a < offset.length; a++) {
      boolean repeated = input.extent(a) == 1;
      offset[a] = repeated ? 0 : map.offset[a + added];
      coef[a] = repeated ? new long[loopRank] : map.coef[a + added];
    }
    return new AffineMap(offset, coef);
  }

  private static @Nullable AffineMap reshape(
      Shape from, Shape to, AffineMap map, List<Long> extents) {
    Linear linear = Linear.of(from, map, extents.size());
    return linear.unravel(to, extents);
  }

  /**
   * A dimension to split, and the extent of its inner part, which brings a reshape that failed
   * closer to having a map.
   *
   * @return null where no split helps: the input must be computed before it is reshaped
   */
  static long @Nullable [] splitFor(Node reshape, AffineMap map, LoopSpace space) {
    Linear linear = Linear.of(reshape.shape(), map, space.rank());
    long[] strides = reshape.input(0).shape().rowMajorStrides();
    for (int d = space.rank() - 1; d >= 0; d--) {
      long stride = Math.abs(linear.strides[d]);
      long extent = space.extents().get(d);
      for (int a = strides.length - 1; stride != 0 && a >= 0; a--) {
        long inner = strides[a] / stride;
        if (strides[a] % stride == 0 && inner > 1 && inner < extent && extent % inner == 0) {
          return new long[] {d, inner};
        }
      }
    }
    return null;
  }

  /** A map onto the row-major numbers of a node's elements. */
  static final class Linear {
    final long offset;
    final long[] strides;

    private Linear(long offset, long[] strides) {
      this.offset = offset;
      this.strides = strides;
    }

    static Linear of(Shape shape, AffineMap map, int loopRank) {
      long[] rowMajor = shape.rowMajorStrides();
      long offset = 0;
      long[] strides = new long[loopRank];
      for (int a = 0; a < rowMajor.length; a++) {
        offset += map.offset[a] * rowMajor[a];
        for (int d = 0; d < loopRank; d++) {
          strides[d] += map.coef[a][d] * rowMajor[a];
        }
      }
      return new Linear(offset, strides);
    }

    /** The map onto the axes of a shape, or null where the digits of a number would carry. */
    @Nullable AffineMap unravel(Shape shape, List<Long> extents) {
      long[] rowMajor = shape.rowMajorStrides();
      int rank = shape.rank();
      long[] at = digits(offset, rowMajor);
      long[][] coef = new long[rank][strides.length];
      long[] lowest = at.clone();
      long[] highest = at.clone();
      for (int d = 0; d < strides.length; d++) {
        long reach = extents.get(d) - 1;
        long[] digits = digits(strides[d], rowMajor);
        for (int a = 0; a < rank; a++) {
          if (reach > 0) {
            coef[a][d] = digits[a];
            lowest[a] += Math.min(0, digits[a] * reach);
            highest[a] += Math.max(0, digits[a] * reach);
          }
        }
      }
      for (int a = 0; a < rank; a++) {
        if (lowest[a] < 0 || highest[a] >= Math.max(1, shape.extent(a))) {
          return null;
        }
      }
      return new AffineMap(at, coef);
    }

    private static long[] digits(long number, long[] rowMajor) {
      long[] digits = new long[rowMajor.length];
      long rest = Math.abs(number);
      for (int a = 0; a < digits.length; a++) {
        digits[a] = rest / rowMajor[a] * Long.signum(number);
        rest %= rowMajor[a];
      }
      return digits;
    }
  }
}
