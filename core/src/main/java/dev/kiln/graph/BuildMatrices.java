package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Typed constructors of products of matrices and of sums of products.
 *
 * <p>A product with one row or one column is a sum of products, which fuses like any other; all
 * others are the routine {@link Routine.MatMul}.
 */
public final class BuildMatrices {
  private BuildMatrices() {}

  /**
   * The matrix product. The last two axes are matrices, those before broadcast; a 1-d array is a
   * row on the left and a column on the right, and its axis is not in the result.
   *
   * @throws KilnException for bool or 0-d arrays, or where shapes don't fit
   */
  public static Node matmul(Node x, Node y) {
    DType dtype = common("matmul", x, y);
    if (x.shape().rank() == 0 || y.shape().rank() == 0) {
      throw new KilnException(
          "matmul of shapes "
              + x.shape()
              + " and "
              + y.shape()
              + ": both need at least 1 axis; multiply takes scalars");
    }
    boolean row = x.shape().rank() == 1;
    boolean column = y.shape().rank() == 1;
    Node left = Build.cast(row ? BuildViews.expandDims(x, 0) : x, dtype);
    Node right = Build.cast(column ? BuildViews.expandDims(y, 1) : y, dtype);
    long inner = extent(left, -1);
    if (inner != extent(right, -2)) {
      throw new KilnException(
          "matmul of shapes "
              + x.shape()
              + " and "
              + y.shape()
              + ": the first has rows of "
              + inner
              + ", the second columns of "
              + extent(right, -2)
              + "; they must be equal");
    }
    Shape outer = Shape.broadcast(outer(left), outer(right));
    Node product =
        product(
            BuildViews.broadcastTo(left, with(outer, extent(left, -2), inner)),
            BuildViews.broadcastTo(right, with(outer, inner, extent(right, -1))));
    int rank = product.shape().rank();
    if (column) {
      product = BuildViews.squeeze(product, rank - 1);
    }
    return row ? BuildViews.squeeze(product, rank - 2) : product;
  }

  /**
   * The sum of products along an axis that both have, counted from the end; the others broadcast.
   *
   * @throws KilnException for bool arrays, an axis that is not negative or that one lacks, or where
   *     shapes don't fit
   */
  public static Node vecdot(Node x, Node y, int axis) {
    DType dtype = common("vecdot", x, y);
    int rank = Math.min(x.shape().rank(), y.shape().rank());
    if (axis >= 0 || axis < -rank) {
      throw new KilnException(
          "vecdot along axis "
              + axis
              + " of shapes "
              + x.shape()
              + " and "
              + y.shape()
              + (rank == 0
                  ? ": both need at least 1 axis"
                  : "; expected " + -rank + " to -1, since axes are counted from the end"));
    }
    if (extent(x, axis) != extent(y, axis)) {
      throw new KilnException(
          "vecdot along axis "
              + axis
              + " of shapes "
              + x.shape()
              + " and "
              + y.shape()
              + ": "
              + extent(x, axis)
              + " and "
              + extent(y, axis)
              + " elements; they must be equal");
    }
    Node products = Build.map(ElementOp.MULTIPLY, Build.cast(x, dtype), Build.cast(y, dtype));
    return sum(products, products.shape().rank() + axis);
  }

  /**
   * The sum of products over that many last axes of x and first axes of y.
   *
   * @throws KilnException for bool arrays, or where shapes don't fit
   */
  public static Node tensordot(Node x, Node y, int axes) {
    if (axes < 0 || axes > x.shape().rank() || axes > y.shape().rank()) {
      throw new KilnException(
          "tensordot over "
              + axes
              + " axes of shapes "
              + x.shape()
              + " and "
              + y.shape()
              + "; expected 0 to "
              + Math.min(x.shape().rank(), y.shape().rank()));
    }
    int rank = x.shape().rank();
    return tensordot(
        x, y, IntStream.range(rank - axes, rank).toArray(), IntStream.range(0, axes).toArray());
  }

  /**
   * The sum of products over pairs of axes of x and y: axes of x that are left, then those of y.
   *
   * @throws KilnException for bool arrays, axes out of range or given twice, or where shapes don't
   *     fit
   */
  public static Node tensordot(Node x, Node y, int[] xAxes, int[] yAxes) {
    common("tensordot", x, y);
    List<Integer> summed = BuildViews.normalised(x.shape(), xAxes);
    List<Integer> with = BuildViews.normalised(y.shape(), yAxes);
    boolean fits = summed.size() == with.size();
    for (int k = 0; fits && k < summed.size(); k++) {
      fits = x.shape().extent(summed.get(k)) == y.shape().extent(with.get(k));
    }
    if (!fits) {
      throw new KilnException(
          "tensordot of shapes "
              + x.shape()
              + " and "
              + y.shape()
              + " over axes "
              + summed
              + " and "
              + with
              + ": there must be as many of each, of equal extents");
    }
    List<Integer> left = others(x.shape(), summed);
    List<Integer> right = others(y.shape(), with);
    long inner = size(x.shape(), summed);
    Node rows = BuildViews.permute(x, joined(left, summed));
    Node columns = BuildViews.permute(y, joined(with, right));
    Node product =
        matmul(
            BuildViews.reshape(rows, Shape.of(size(x.shape(), left), inner)),
            BuildViews.reshape(columns, Shape.of(inner, size(y.shape(), right))));
    List<Long> extents = new ArrayList<>();
    left.forEach(axis -> extents.add(x.shape().extent(axis)));
    right.forEach(axis -> extents.add(y.shape().extent(axis)));
    return BuildViews.reshape(product, shape(extents));
  }

  /**
   * The last two axes swapped.
   *
   * @throws KilnException where there are not two
   */
  public static Node transpose(Node x) {
    int rank = x.shape().rank();
    if (rank < 2) {
      throw new KilnException(
          "matrixTranspose needs at least 2 axes, given shape "
              + x.shape()
              + "; expandDims makes a vector a matrix");
    }
    int[] axes = IntStream.range(0, rank).toArray();
    axes[rank - 2] = rank - 1;
    axes[rank - 1] = rank - 2;
    return BuildViews.permute(x, axes);
  }

  /** Of matrices with equal axes before the last two. */
  private static Node product(Node x, Node y) {
    int rank = x.shape().rank();
    long rows = extent(x, -2);
    long inner = extent(x, -1);
    long columns = extent(y, -1);
    Shape shape = with(outer(x), rows, columns);
    if (columns == 1) {
      Node vector = BuildViews.reshape(y, with(outer(y), 1, inner));
      Node sums = sum(Build.map(ElementOp.MULTIPLY, x, vector), rank - 1);
      return BuildViews.reshape(sums, shape);
    }
    if (rows == 1) {
      Node vector = BuildViews.reshape(x, with(outer(x), inner, 1));
      Node sums = sum(Build.map(ElementOp.MULTIPLY, vector, y), rank - 2);
      return BuildViews.reshape(sums, shape);
    }
    if (inner == 0) {
      return BuildViews.broadcastTo(Build.scalar(x.dtype(), Bits.ofLong(x.dtype(), 0)), shape);
    }
    return Node.of(new Op.Call(new Routine.MatMul()), List.of(x, y), x.dtype(), shape);
  }

  /** In the dtype given, where a sum makes room. */
  private static Node sum(Node products, int axis) {
    return BuildReductions.node(ReduceOp.SUM, products, List.of(axis), products.dtype(), false);
  }

  private static DType common(String what, Node x, Node y) {
    DType dtype = Build.commonDType(List.of(x, y));
    if (!dtype.isNumeric()) {
      throw new KilnException(
          what
              + " takes integer or floating-point arrays, given "
              + dtype
              + "; convert with astype, for example to int64");
    }
    return dtype;
  }

  private static long extent(Node x, int axis) {
    return x.shape().extent(x.shape().rank() + axis);
  }

  private static Shape outer(Node x) {
    return Shape.of(Arrays.copyOf(x.shape().toArray(), x.shape().rank() - 2));
  }

  private static Shape with(Shape outer, long rows, long columns) {
    long[] extents = Arrays.copyOf(outer.toArray(), outer.rank() + 2);
    extents[outer.rank()] = rows;
    extents[outer.rank() + 1] = columns;
    return Shape.of(extents);
  }

  private static List<Integer> others(Shape shape, List<Integer> axes) {
    return IntStream.range(0, shape.rank()).filter(axis -> !axes.contains(axis)).boxed().toList();
  }

  private static long size(Shape shape, List<Integer> axes) {
    return shape(axes.stream().map(shape::extent).toList()).size();
  }

  private static Shape shape(List<Long> extents) {
    return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
  }

  private static int[] joined(List<Integer> first, List<Integer> second) {
    return IntStream.concat(
            first.stream().mapToInt(Integer::intValue), second.stream().mapToInt(Integer::intValue))
        .toArray();
  }
}
