package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.contract.Agreement;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.contract.TestData;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.Build;
import dev.kiln.graph.BuildViews;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.memory.SlabPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays that a device has no room for, on one that is told to have little. */
class PiecesTest {
  /** Elements that there is room for: several strips of a processor, and a block of columns. */
  private static final int ROOM = 150_000;

  private static final int N = 500_003;
  private static final int GRAPHS = 30;

  private final SplittableRandom random = new SplittableRandom(11);

  private Node source(DType dtype, long... extents) {
    return TestData.source(dtype, Shape.of(extents), TestData.Kind.UNEVEN, random);
  }

  private static void check(ClDevice.Kind kind, long limit, List<Node> graphs) {
    Settings settings = new Settings(Optional.empty(), true, limit, false);
    try (OpenClBackend backend =
            kind == ClDevice.Kind.GPU ? TestDevice.openAsGpu(settings) : TestDevice.open(settings);
        SlabPool memory = new SlabPool(1L << 28)) {
      Agreement agreement = new Agreement(TestDevice.evaluator(backend, memory));
      for (Node graph : graphs) {
        agreement.check("limit " + limit, graph);
      }
    }
  }

  private static Node twice(Node x) {
    return Build.map(ElementOp.ADD, x, x);
  }

  @ParameterizedTest
  @EnumSource(names = {"CPU", "GPU"})
  void storesAndReductionsOfArraysLargerThanTheDevice(ClDevice.Kind kind) {
    for (DType dtype : List.of(DType.INT8, DType.FLOAT32, DType.FLOAT64)) {
      List<Node> graphs = new ArrayList<>();
      Node line = source(dtype, N);
      Node rows = source(dtype, 1031, 641);
      graphs.add(twice(line));
      graphs.add(twice(BuildViews.flip(line, 0)));
      graphs.add(
          Build.map(
              ElementOp.MULTIPLY, rows, BuildViews.broadcastTo(source(dtype, 641), rows.shape())));
      graphs.add(BuildViews.concat(List.of(twice(rows), rows), 1));
      graphs.add(twice(BuildViews.slice(line, new long[] {5}, new long[] {3}, new long[] {N / 4})));
      for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.MAX, ReduceOp.ARGMIN)) {
        graphs.add(TestGraphs.reduce(op, line, 0));
        graphs.add(TestGraphs.reduce(op, rows, 1));
        graphs.add(TestGraphs.reduce(op, rows, 0, 1));
      }
      Node tall = source(dtype, 12_289, 32);
      graphs.add(TestGraphs.reduce(ReduceOp.SUM, tall, 0));
      if (dtype.isFloat()) {
        graphs.add(TestGraphs.reduce(ReduceOp.MEAN, tall, 0));
        graphs.add(TestGraphs.reduce(ReduceOp.SQUARED_DEVIATIONS, line, 0));
      }
      graphs.add(twice(source(dtype, 0, 5)));
      check(kind, 2L * ROOM * dtype.bytes(), graphs);
    }
  }

  @Test
  void whatCannotBeCutIsAClearError() {
    Node square = source(DType.FLOAT32, 500, 500);
    Node across = Build.map(ElementOp.ADD, square, BuildViews.transpose(square));
    assertThatThrownBy(() -> check(ClDevice.Kind.CPU, ROOM, List.of(across)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("out of memory on the OpenCL device")
        .hasMessageContaining("compute in parts");
  }

  @Test
  void randomGraphsWithLittleMemory() {
    int cut = 0;
    for (int seed = 400; seed < 400 + GRAPHS; seed++) {
      Settings settings = new Settings(Optional.empty(), true, 20_000, false);
      try (OpenClBackend backend = TestDevice.openAsGpu(settings);
          SlabPool memory = new SlabPool(1L << 28)) {
        Agreement agreement = new Agreement(TestDevice.evaluator(backend, memory));
        agreement.check("random graph " + seed, GraphFuzzer.generate(seed));
        cut++;
      } catch (KilnException e) {
        assertThat(e).as("random graph " + seed).hasMessageContaining("out of memory");
      }
    }
    assertThat(cut).as("graphs that were computed").isGreaterThan(GRAPHS / 2);
  }
}
