package dev.kiln.opencl;

import static dev.kiln.contract.TestGraphs.call;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.matmul;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.rfft;
import static dev.kiln.contract.TestGraphs.slice;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.Agreement;
import dev.kiln.contract.GraphEvaluator;
import dev.kiln.contract.TestData;
import dev.kiln.contract.TestData.Kind;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Routine.ArgSort;
import dev.kiln.kernel.Routine.Cumulative;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import dev.kiln.kernel.Routine.Sort;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes around the tiles, blocks and shares of this backend's routines. */
abstract class RoutineEdges {
  private static final long SEED = 20260301;

  /** The way of evaluating graphs that is under test. */
  abstract GraphEvaluator evaluator();

  private void check(String what, Node... roots) {
    new Agreement(evaluator()).check(what, roots);
  }

  private static Node source(DType dtype, Kind kind, long... extents) {
    Shape shape = Shape.of(extents);
    return TestData.source(dtype, shape, kind, new SplittableRandom(SEED + shape.hashCode()));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "INT8", "UINT64"})
  void productsAroundSharesOfTiles(DType dtype) {
    for (long rows : new long[] {191, 193}) {
      Node x = source(dtype, Kind.UNEVEN, rows, 40);
      for (long columns : new long[] {31, 33, 63, 65}) {
        check(rows + " x " + columns, matmul(x, source(dtype, Kind.UNEVEN, 40, columns)));
      }
    }
    Node many = source(dtype, Kind.UNEVEN, 300, 2, 5, 3);
    check("many", matmul(many, permute(many, 0, 1, 3, 2)));
    Node turned = flip(permute(many, 1, 0, 2, 3), 0, 2);
    check("many, turned", matmul(turned, permute(turned, 0, 1, 3, 2)));
    Node deep = source(dtype, Kind.UNEVEN, 3, 70, 800);
    check("blocks of a batch", matmul(deep, permute(deep, 0, 2, 1)));
  }

  /** A product that a block rounds to −0 stays it, whatever lies beyond the end. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void productsTooSmallKeepTheirSign(DType dtype) {
    for (long inner : new long[] {1, 7, 17}) {
      Node x = source(dtype, Kind.ANYTHING, 70, inner);
      check("signs", matmul(x, permute(flip(x, 0), 1, 0)));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "INT16"})
  void runsAroundSharesOfRows(DType dtype) {
    for (Fold fold : Fold.values()) {
      check("short rows", call(new Cumulative(fold, 1), source(dtype, Kind.NEAR_ONE, 9000, 3)));
      Node x = source(dtype, Kind.NEAR_ONE, 3, 4100, 2, 9);
      for (Node view : new Node[] {x, permute(x, 2, 1, 0, 3), permute(flip(x, 1), 3, 1, 2, 0)}) {
        check("columns", call(new Cumulative(fold, 1), view));
      }
      Node rows = permute(flip(x, 1), 0, 3, 2, 1);
      check("rows that lie apart", call(new Cumulative(fold, 3), rows));
    }
  }

  /** Rows of a few chunks share a group, longer ones have groups, tiles and blocks of their own. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "INT8", "INT16", "INT64", "UINT64"})
  void runsAroundChunksTilesAndBlocks(DType dtype) {
    for (Fold fold : Fold.values()) {
      for (Kind kind : new Kind[] {Kind.NEAR_ONE, Kind.ANYTHING, Kind.TIES}) {
        for (long n : new long[] {1, 15, 16, 17, 33, 500, 1008, 1040, 2032, 2048, 2049}) {
          runs(fold, source(dtype, kind, 9, n));
        }
        for (long n : new long[] {255 * 16 - 1, 255 * 16 + 1, 4095, 4096, 4097, 8192, 12289}) {
          runs(fold, source(dtype, kind, 3, n));
        }
      }
      runs(fold, source(dtype, Kind.NEAR_ONE, 300, 17));
      Node x = source(dtype, Kind.NEAR_ONE, 2, 9001, 2);
      runs(fold, permute(x, 0, 2, 1));
      runs(fold, permute(x, 2, 0, 1));
      Node apart = slice(x, at(0, 8999, 1), at(1, -2, 1), at(2, 4500, 1));
      runs(fold, permute(apart, 0, 2, 1));
    }
  }

  private void runs(Fold fold, Node x) {
    int last = x.shape().rank() - 1;
    for (Node view : new Node[] {x, flip(x, last)}) {
      check(fold + " " + x.shape(), call(new Cumulative(fold, last), view));
    }
  }

  /** More blocks than a group takes together. */
  @Test
  void runsOfManyBlocks() {
    Node x = source(DType.FLOAT32, Kind.UNEVEN, 2100 * 4096);
    check("many blocks", call(new Cumulative(Fold.SUM, 0), x));
  }

  @ParameterizedTest
  @MethodSource("dev.kiln.contract.RoutineContract#dtypes")
  void sortsAroundMergesAndBlocks(DType dtype) {
    for (long n : new long[] {7, 8, 9, 17, 100, 512, 513}) {
      Node x = source(dtype, Kind.TIES, 5, n, 2);
      sorted(x, 1);
    }
    Node x = source(dtype, Kind.ANYTHING, 5, 600, 2);
    sorted(permute(flip(x, 1), 2, 0, 1), 2);
    sorted(slice(x, at(0, 0, 1), at(2, 1, 1), at(3, 90, 1)), 1);
    sorted(source(dtype, Kind.ANYTHING, 1500, 3), 1);
    if (dtype.isFloat()) {
      sorted(source(dtype, Kind.ANYTHING, 32_769), 0);
    }
  }

  /**
   * Groups have tiles of 2304 elements of eight bytes, 3328 of less, of which work-items have an
   * odd number each.
   */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BOOL", "INT8", "UINT16", "INT32", "UINT64", "FLOAT32", "FLOAT64"})
  void sortsAroundTiles(DType dtype) {
    int tile = dtype.bytes() == 8 ? 2304 : 3328;
    for (Kind kind : new Kind[] {Kind.ANYTHING, Kind.TIES}) {
      for (long n : new long[] {64, 65, 256, 257, 2048, 2049}) {
        sorted(source(dtype, kind, 3, n), 1);
      }
      for (long n : new long[] {tile - 1, tile, tile + 1, 2 * tile, 2 * tile + 1, 3 * tile + 700}) {
        sorted(flip(source(dtype, kind, 2, n), 1), 1);
      }
      Node x = source(dtype, kind, 2, 2 * tile + 90, 3);
      sorted(x, 1);
      sorted(permute(flip(x, 1), 2, 0, 1), 2);
      sorted(slice(x, at(0, tile + 5, 1), at(1, -2, 1), at(2, tile / 2, 2)), 1);
    }
    sorted(source(dtype, Kind.ANYTHING, 70, tile + 40), 1);
  }

  /** What is in order already, the other way round, or all the same. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BOOL", "INT8", "UINT16", "INT32", "UINT64", "FLOAT32", "FLOAT64"})
  void sortsOfWhatIsInOrder(DType dtype) {
    for (int n : new int[] {70, 3000, 9001}) {
      long[] numbers = TestData.random(dtype, n, Kind.ANYTHING, new SplittableRandom(SEED));
      long[] same = new long[n];
      Arrays.fill(same, numbers[n / 2]);
      sorted(TestGraphs.source(dtype, Shape.of(n), same), 0);
      Arrays.sort(numbers);
      Node x = TestGraphs.source(dtype, Shape.of(n), numbers);
      sorted(x, 0);
      sorted(flip(x, 0), 0);
    }
  }

  /** So many tiles that several work-items share what they count of a value. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"UINT16", "FLOAT32"})
  void sortsOfManyTiles(DType dtype) {
    sorted(source(dtype, Kind.ANYTHING, 2, 35 * 3328 - 1), 1);
    sorted(source(dtype, Kind.TIES, 515 * 3328 + 1), 0);
  }

  /** Lengths that take each number of passes, with a convolution and without. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void transformsAroundPasses(DType dtype) {
    for (long n : new long[] {1, 2, 3, 4, 5, 8, 16, 24, 32, 64, 97, 128, 512, 1000, 1024, 8192}) {
      check("one of " + n, rfft(source(dtype, Kind.UNEVEN, n)));
      check("rows of " + n, rfft(source(dtype, Kind.UNEVEN, 7, n)));
    }
    check("one of special numbers", rfft(source(dtype, Kind.ANYTHING, 3, 64)));
    check("many", rfft(source(dtype, Kind.UNEVEN, 9000, 6)));
    check("long", rfft(source(dtype, Kind.UNEVEN, 1 << 17)));
    Node x = source(dtype, Kind.UNEVEN, 5, 48, 3, 10);
    check("columns", rfft(permute(flip(x, 1), 2, 0, 3, 1)));
    check("apart", rfft(slice(x, at(0, 1, 0, 1), at(2, 3, 1, 3), at(3, 16, 3, 3))));
    check("none", rfft(source(dtype, Kind.UNEVEN, 0, 8)));
  }

  private void sorted(Node x, int axis) {
    for (boolean descending : new boolean[] {false, true}) {
      Node sorted = call(new Sort(axis, descending), x);
      check(x.shape() + " axis " + axis, sorted, call(new ArgSort(axis, descending), x));
    }
  }

  private static long[] at(long... values) {
    return values;
  }
}
