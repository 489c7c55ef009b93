package dev.kiln.graph;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.rfft;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.ReduceOp;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ResultKeyTest {
  private static String key(Node node, String backend) {
    return ResultKey.of(List.of(node), Digest.of(List.of(node)), backend).get(node).hex();
  }

  /** Stores depend on these: what changes one must change a version, and loses what was kept. */
  @Test
  void pinned() {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    assertThat(ResultKey.NUMERICS).isEqualTo(2);
    Node x = floats(1, 2, 3, 4, 5, 6);
    assertThat(key(map(ElementOp.MULTIPLY, x, x), "cpu"))
        .isEqualTo("19742ec1ce3f6f22c9a6249239a621496b0f05a2e3dc025eb38e59a42df45228");
    assertThat(key(reduce(ReduceOp.SUM, reshape(x, 2, 3), 0), "cpu"))
        .isEqualTo("e8a4e075eb29528556f39ca548822ea050f8e879a1b5097e2d94c2a889f8be43");
    assertThat(key(rfft(x), "cpu"))
        .isEqualTo("726b5ee76e8cea8e11935a2ec9a1bdcf8d016bfd312092ae15f568331ff1e24c");
  }

  @Test
  void theBackendCountsOnlyWhereBitsAreNotPromised() {
    Node x = floats(1, 2, 3, 4);
    Node sum = reduce(ReduceOp.SUM, x, 0);
    assertThat(key(sum, "cpu")).isEqualTo(key(sum, "interpreter"));
    Node spectrum = rfft(x);
    assertThat(key(spectrum, "cpu")).isNotEqualTo(key(spectrum, "interpreter"));
    Node below = reduce(ReduceOp.SUM, spectrum, 0);
    assertThat(key(below, "cpu")).isNotEqualTo(key(below, "interpreter"));
  }

  @Test
  void whatIsNoWorkIsNotWorthKeeping() {
    Node x = floats(1, 2, 3, 4, 5, 6);
    Node product = map(ElementOp.MULTIPLY, x, x);
    Node view = reshape(product, 2, 3);
    List<Node> all =
        List.of(
            x, reshape(x, 2, 3), broadcast(x, Shape.of(2, 6)), iota(Shape.of(4)), product, view);
    assertThat(ResultKey.worthKeeping(all)).containsExactly(product, view);
  }

  @Test
  void whatUsersOwnKernelsMakeIsNotKept() {
    ForeignKernel kernel =
        new ForeignKernel(
            "opencl",
            "kernel void f(global float *x) {}",
            "",
            "f",
            List.of(new ForeignKernel.Argument.Result(DType.FLOAT32, Shape.of(2), true)),
            List.of(2L),
            List.of());
    Node x = floats(1, 2);
    Node square = map(ElementOp.MULTIPLY, x, x);
    Node own = BuildForeign.results(kernel, List.of(square)).getFirst();
    Node below = map(ElementOp.ADD, own, square);
    assertThat(ResultKey.worthKeeping(List.of(square, own, below))).containsExactly(square);
  }

  @Test
  void nodesAreReplacedWhereverTheyStand() {
    Node x = floats(1, 2);
    Node y = floats(3, 4);
    Node square = map(ElementOp.MULTIPLY, x, x);
    Node sum = map(ElementOp.ADD, square, x);
    List<Node> replaced = Graphs.replace(List.of(sum, square, x), java.util.Map.of(square, y));
    assertThat(replaced).containsExactly(map(ElementOp.ADD, y, x), y, x);
    assertThat(Graphs.replace(List.of(sum), java.util.Map.of())).containsExactly(sum);
  }
}
