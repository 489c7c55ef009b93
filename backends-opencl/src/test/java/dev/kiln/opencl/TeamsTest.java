package dev.kiln.opencl;

import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.Agreement;
import dev.kiln.contract.TestData;
import dev.kiln.contract.TestData.Kind;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.memory.SlabPool;
import dev.kiln.opencl.source.TeamText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reductions the way that GPUs take, around the sizes of teams, blocks and blocks of blocks. */
class TeamsTest {
  private static final long SEED = 20261128;

  private static Node source(DType dtype, Kind kind, long... extents) {
    Shape shape = Shape.of(extents);
    return TestData.source(dtype, shape, kind, new SplittableRandom(SEED + shape.hashCode()));
  }

  private static void check(List<Node[]> graphs) {
    try (OpenClBackend backend = TestDevice.openAsGpu(TestDevice.SETTINGS);
        SlabPool memory = new SlabPool(1L << 28)) {
      Agreement agreement = new Agreement(TestDevice.evaluator(backend, memory));
      for (Node[] roots : graphs) {
        agreement.check("by teams, seed " + SEED + ", of " + roots[0], roots);
      }
    }
  }

  private static List<ReduceOp> operations(DType dtype) {
    return Arrays.stream(ReduceOp.values())
        .filter(
            op ->
                switch (op) {
                  case MIN -> dtype != DType.UINT64;
                  case MAX -> true;
                  case SUM, ARGMAX -> dtype.isNumeric();
                  case PROD, ARGMIN -> dtype == DType.INT8 || dtype == DType.FLOAT32;
                  case MEAN, SQUARED_DEVIATIONS -> dtype == DType.FLOAT32;
                })
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BOOL", "INT8", "UINT64", "FLOAT32", "FLOAT64"})
  void linesAndRowsAndColumns(DType dtype) {
    List<Node[]> graphs = new ArrayList<>();
    for (ReduceOp op : operations(dtype)) {
      Kind kind = op == ReduceOp.PROD ? Kind.NEAR_ONE : Kind.UNEVEN;
      for (long n : new long[] {64, 65, 95, 4095, 4097, 40_961}) {
        graphs.add(new Node[] {reduce(op, source(dtype, kind, n), 0)});
      }
      graphs.add(new Node[] {reduce(op, source(dtype, kind, 37, 130), 1)});
      graphs.add(new Node[] {reduce(op, source(dtype, kind, 7, 8200), 1)});
      graphs.add(new Node[] {reduce(op, source(dtype, Kind.ANYTHING, 5, 700), 1)});
      graphs.add(new Node[] {reduce(op, source(dtype, kind, 130, 37), 0)});
      graphs.add(new Node[] {reduce(op, source(dtype, kind, 130, 0), 0)});
      graphs.add(new Node[] {reduce(op, source(dtype, Kind.TIES, 4097, 5), 0)});
      if (op == ReduceOp.SUM || op == ReduceOp.SQUARED_DEVIATIONS) {
        Node cube = permute(flip(source(dtype, kind, 9, 33, 5, 14), 1), 2, 0, 3, 1);
        graphs.add(new Node[] {reduce(op, cube, 2, 3)});
        graphs.add(new Node[] {reduce(op, cube, 1)});
      }
    }
    check(graphs);
  }

  /** Sequences too short for a team are a work-item's. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BOOL", "INT8", "UINT64", "FLOAT32", "FLOAT64"})
  void shortSequences(DType dtype) {
    List<Node[]> graphs = new ArrayList<>();
    for (ReduceOp op : operations(dtype)) {
      Kind kind = op == ReduceOp.PROD ? Kind.NEAR_ONE : Kind.UNEVEN;
      for (long n : new long[] {1, 3, 31, 33, 63}) {
        graphs.add(new Node[] {reduce(op, source(dtype, kind, 300, n), 1)});
      }
      graphs.add(new Node[] {reduce(op, source(dtype, Kind.ANYTHING, 3, 63), 1)});
      graphs.add(new Node[] {reduce(op, source(dtype, Kind.TIES, 40, 65), 0)});
    }
    check(graphs);
  }

  /** More blocks than a block has elements: the results of blocks are folded twice. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void blocksOfBlocks(DType dtype) {
    Node long0 = source(dtype, Kind.UNEVEN, 4097);
    Node wide = source(dtype, Kind.UNEVEN, 4097, 1);
    Node table = map(ElementOp.ADD, wide, long0);
    List<Node[]> graphs = new ArrayList<>();
    for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.MEAN, ReduceOp.ARGMAX)) {
      graphs.add(new Node[] {reduce(op, table, 0, 1)});
    }
    check(graphs);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void severalAtOnceAndRareElements(DType dtype) {
    Node x = source(dtype, Kind.UNEVEN, 70, 5000);
    Node wide = map(ElementOp.SIN, map(ElementOp.MULTIPLY, x, x));
    check(
        List.of(
            new Node[] {reduce(ReduceOp.SUM, wide, 1)},
            new Node[] {
              reduce(ReduceOp.MEAN, x, 1),
              reduce(ReduceOp.SQUARED_DEVIATIONS, x, 1),
              reduce(ReduceOp.SUM, map(ElementOp.EXP, x), 1),
              reduce(ReduceOp.MAX, x, 1)
            },
            new Node[] {reduce(ReduceOp.SQUARED_DEVIATIONS, wide, 0), reduce(ReduceOp.MIN, x, 0)}));
  }

  /** Sums of both floats have different lanes, which no team has. */
  @Test
  void teamsHaveTheLanesOfAllReductions() {
    assertThat(TeamText.lanes(sums(DType.FLOAT32, DType.FLOAT32))).hasValue(32);
    assertThat(TeamText.lanes(sums(DType.FLOAT64, DType.INT8))).hasValue(16);
    assertThat(TeamText.lanes(sums(DType.INT8, DType.INT64))).hasValue(32);
    assertThat(TeamText.lanes(sums(DType.FLOAT32, DType.FLOAT64))).isEmpty();
    Node x = source(DType.FLOAT32, Kind.UNEVEN, 9, 900);
    Node y = map(ElementOp.MULTIPLY, x, x);
    Node z = cast(y, DType.FLOAT64);
    check(List.<Node[]>of(new Node[] {reduce(ReduceOp.SUM, y, 1), reduce(ReduceOp.SUM, z, 1)}));
  }

  private static Kernel sums(DType first, DType second) {
    Body body = new Body();
    int a = body.load(first, 0).number();
    int b = body.load(second, 1).number();
    return new Kernel(
        1,
        1,
        List.of(
            new Operand(Operand.Source.MEMORY, first, Operand.Access.CONTIGUOUS),
            new Operand(Operand.Source.MEMORY, second, Operand.Access.CONTIGUOUS)),
        List.of(),
        body.instrs(),
        List.of(
            new Output.Reduce(ReduceOp.SUM, first, a), new Output.Reduce(ReduceOp.SUM, second, b)));
  }
}
