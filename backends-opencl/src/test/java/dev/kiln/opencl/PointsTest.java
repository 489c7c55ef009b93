package dev.kiln.opencl;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.Agreement;
import dev.kiln.contract.TestData;
import dev.kiln.contract.TestData.Kind;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.memory.SlabPool;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores the way that GPUs take, around the widths of groups and of what a work-item does. */
class PointsTest {
  private static final long SEED = 20261129;

  private static Node source(DType dtype, Kind kind, long... extents) {
    Shape shape = Shape.of(extents);
    return TestData.source(dtype, shape, kind, new SplittableRandom(SEED + shape.hashCode()));
  }

  private static void check(List<Node> graphs) {
    try (OpenClBackend backend = TestDevice.openAsGpu(TestDevice.SETTINGS);
        SlabPool memory = new SlabPool(1L << 28)) {
      Agreement agreement = new Agreement(TestDevice.evaluator(backend, memory));
      for (Node graph : graphs) {
        agreement.check("by points, seed " + SEED + ", of " + graph, graph);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BOOL", "INT8", "UINT16", "FLOAT32", "FLOAT64"})
  void linesRowsAndViews(DType dtype) {
    ElementOp function = dtype == DType.BOOL ? ElementOp.BITWISE_AND : ElementOp.ADD;
    List<Node> graphs = new ArrayList<>();
    for (long n : new long[] {1, 31, 32, 33, 255, 256, 257, 511, 1023, 1024, 1025, 4097}) {
      graphs.add(map(function, source(dtype, Kind.ANYTHING, n), source(dtype, Kind.UNEVEN, n)));
    }
    for (long[] shape : new long[][] {{5, 32}, {9, 100}, {3, 255}, {7, 256}, {2, 1100}}) {
      Node x = source(dtype, Kind.ANYTHING, shape);
      Node row = source(dtype, Kind.UNEVEN, shape[1]);
      graphs.add(map(function, x, broadcast(row, Shape.of(shape))));
    }
    Node nothing = source(dtype, Kind.UNEVEN, 0, 40);
    graphs.add(map(function, nothing, flip(nothing, 1)));
    Node cube = source(dtype, Kind.UNEVEN, 3, 40, 5, 70);
    graphs.add(map(function, cube, flip(cube, 1, 3)));
    graphs.add(map(function, permute(cube, 2, 0, 1, 3), permute(flip(cube, 3), 2, 0, 1, 3)));
    graphs.add(
        concat(
            1,
            map(function, source(dtype, Kind.UNEVEN, 9, 50), cast(iota(Shape.of(9, 50)), dtype)),
            source(dtype, Kind.TIES, 9, 37)));
    check(graphs);
  }

  /** More rows than there are groups across them. */
  @Test
  void manyRows() {
    Node x = source(DType.INT8, Kind.UNEVEN, 270_000, 33);
    check(List.of(map(ElementOp.ADD, x, flip(x, 0))));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void rareElements(DType dtype) {
    Node x = source(dtype, Kind.ANYTHING, 40, 300);
    Node wide = map(ElementOp.MULTIPLY, x, x);
    check(List.of(map(ElementOp.SIN, wide), map(ElementOp.EXP, x), map(ElementOp.TAN, flip(x, 1))));
  }
}
