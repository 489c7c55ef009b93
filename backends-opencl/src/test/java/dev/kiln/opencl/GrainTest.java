package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.Agreement;
import dev.kiln.contract.TestBuffer;
import dev.kiln.contract.TestData;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.Build;
import dev.kiln.graph.BuildViews;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.memory.SlabPool;
import dev.kiln.opencl.source.Form;
import dev.kiln.opencl.source.Tiled;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays that are read against the grain, around the edges of tiles. */
class GrainTest {
  private static final Operand FLOATS =
      new Operand(Operand.Source.MEMORY, DType.FLOAT32, Operand.Access.STRIDED);

  private final SplittableRandom random = new SplittableRandom(17);
  private final Buffer buffer = TestBuffer.memory().allocate(4 * 300 * 200);

  private Node source(DType dtype, long... extents) {
    return TestData.source(dtype, Shape.of(extents), TestData.Kind.UNEVEN, random);
  }

  private static void check(ClDevice.Kind kind, List<Node> graphs) {
    try (OpenClBackend backend =
            kind == ClDevice.Kind.GPU
                ? TestDevice.openAsGpu(TestDevice.SETTINGS)
                : TestDevice.open(TestDevice.SETTINGS);
        SlabPool memory = new SlabPool(1L << 28)) {
      Agreement agreement = new Agreement(TestDevice.evaluator(backend, memory));
      for (Node graph : graphs) {
        agreement.check("against the grain", graph);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CPU", "GPU"})
  void transposedOperands(ClDevice.Kind kind) {
    List<Node> graphs = new ArrayList<>();
    for (DType dtype : List.of(DType.BOOL, DType.INT8, DType.FLOAT32, DType.FLOAT64)) {
      ElementOp function = dtype == DType.BOOL ? ElementOp.BITWISE_AND : ElementOp.ADD;
      for (long[] shape : new long[][] {{128, 128}, {131, 257}, {17, 1031}, {1031, 16}}) {
        Node x = source(dtype, shape[0], shape[1]);
        Node y = source(dtype, shape[1], shape[0]);
        graphs.add(Build.map(function, x, BuildViews.transpose(y)));
      }
      Node planes = source(dtype, 3, 129, 47);
      Node turned = BuildViews.permute(source(dtype, 47, 3, 129), 1, 2, 0);
      graphs.add(Build.map(function, planes, turned));
      Node flipped = BuildViews.flip(BuildViews.transpose(source(dtype, 131, 150)), 1);
      graphs.add(Build.map(function, source(dtype, 150, 131), flipped));
    }
    // Rare elements among others, and an index beside memory.
    Node wide = source(DType.FLOAT32, 200, 133);
    graphs.add(Build.map(ElementOp.SIN, Build.map(ElementOp.MULTIPLY, wide, wide)));
    graphs.add(
        Build.map(
            ElementOp.SIN,
            Build.map(
                ElementOp.MULTIPLY, wide, BuildViews.transpose(source(DType.FLOAT32, 133, 200)))));
    graphs.add(
        Build.map(
            ElementOp.ADD,
            TestGraphs.iota(Shape.of(150, 140)),
            BuildViews.transpose(source(DType.INT64, 140, 150))));
    check(kind, graphs);
  }

  @ParameterizedTest
  @EnumSource(names = {"CPU", "GPU"})
  void stridedOperandsThatAllRowsShare(ClDevice.Kind kind) {
    List<Node> graphs = new ArrayList<>();
    for (DType dtype : List.of(DType.INT16, DType.FLOAT32, DType.FLOAT64)) {
      Node points = source(dtype, 3, 211);
      Node every =
          BuildViews.slice(
              source(dtype, 5 * 211), new long[] {2}, new long[] {5}, new long[] {211});
      graphs.add(
          Build.map(
              ElementOp.MULTIPLY,
              BuildViews.broadcastTo(every, Shape.of(103, 211)),
              BuildViews.broadcastTo(
                  BuildViews.reshape(source(dtype, 103), Shape.of(103, 1)), Shape.of(103, 211))));
      graphs.add(TestGraphs.reduce(ReduceOp.MAX, points, 0));
    }
    check(kind, graphs);
  }

  @ParameterizedTest
  @EnumSource(names = {"CPU", "GPU"})
  void reductionsOfColumns(ClDevice.Kind kind) {
    List<Node> graphs = new ArrayList<>();
    for (DType dtype : List.of(DType.INT8, DType.FLOAT32, DType.FLOAT64)) {
      for (long[] shape : new long[][] {{4096, 16}, {4113, 37}, {1031, 33}, {8195, 21}}) {
        Node x = source(dtype, shape[0], shape[1]);
        for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.MAX, ReduceOp.ARGMIN)) {
          graphs.add(TestGraphs.reduce(op, x, 0));
        }
        if (dtype.isFloat()) {
          graphs.add(TestGraphs.reduce(ReduceOp.MEAN, x, 0));
          graphs.add(TestGraphs.reduce(ReduceOp.SQUARED_DEVIATIONS, x, 0));
          graphs.add(TestGraphs.reduce(ReduceOp.SUM, Build.map(ElementOp.SIN, x), 0));
        }
      }
      Node planes = source(dtype, 5, 300, 18);
      graphs.add(TestGraphs.reduce(ReduceOp.PROD, planes, 1));
      graphs.add(TestGraphs.reduce(ReduceOp.SUM, source(dtype, 300, 5, 18), 0));
    }
    check(kind, graphs);
  }

  private static Launch.Access access(Buffer buffer, Long... strides) {
    return new Launch.Access(buffer, 0, List.of(strides));
  }

  private Form store(long... operandStrides) {
    Body body = new Body();
    Output store =
        new Output.Store(
            DType.FLOAT32, body.load(DType.FLOAT32, 0).number(), Operand.Access.CONTIGUOUS);
    Kernel kernel = new Kernel(2, 0, List.of(FLOATS), List.of(), body.instrs(), List.of(store));
    Launch launch =
        new Launch(
            List.of(200L, 300L),
            List.of(access(buffer, operandStrides[0], operandStrides[1])),
            List.of(),
            List.of(access(buffer, 300L, 1L)));
    return Grain.of(kernel, launch, Geometry.of(kernel, launch, true), true);
  }

  @Test
  void tilesAreForOperandsAgainstTheGrain() {
    assertThat(store(1, 200)).isEqualTo(new Form.Tiles(List.of(new Tiled(0, false)), true));
    assertThat(store(0, 3)).isEqualTo(new Form.Tiles(List.of(new Tiled(0, true)), true));
    assertThat(store(300, 1)).isEqualTo(new Form.Plain());
    assertThat(store(600, 2)).isEqualTo(new Form.Plain());
    assertThat(store(1, 2)).as("lines are shared as it is").isEqualTo(new Form.Plain());
  }

  @Test
  void columnsAreReducedBesideEachOther() {
    Body body = new Body();
    int value = body.load(DType.FLOAT32, 0).number();
    Output sum = new Output.Reduce(ReduceOp.SUM, DType.FLOAT32, value);
    Kernel kernel = new Kernel(1, 1, List.of(FLOATS), List.of(), body.instrs(), List.of(sum));
    Launch columns =
        new Launch(
            List.of(20L, 3000L),
            List.of(access(buffer, 1L, 20L)),
            List.of(),
            List.of(access(buffer, 1L)));
    Launch rows =
        new Launch(
            List.of(20L, 3000L),
            List.of(access(buffer, 3000L, 1L)),
            List.of(),
            List.of(access(buffer, 1L)));
    Geometry geometry = Geometry.of(kernel, columns, true);
    assertThat(Grain.of(kernel, columns, geometry, true)).isEqualTo(new Form.Columns(List.of(0)));
    assertThat(Grain.of(kernel, rows, geometry, true)).isEqualTo(new Form.Plain());
    assertThat(Grain.of(kernel, columns, geometry, false)).isEqualTo(new Form.Teams(true));
    assertThat(Grain.of(kernel, rows, geometry, false)).isEqualTo(new Form.Teams(false));
    Geometry few = new Geometry(1000, 60, 60, 1, 1, false);
    assertThat(Grain.of(kernel, rows, few, false)).as("sequences").isEqualTo(new Form.Alone());
  }
}
