package dev.kiln.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.ReduceOp;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InternerTest {
  private static Node scalar(long bits) {
    return Node.of(new Op.Scalar(bits), List.of(), DType.INT64, Shape.of());
  }

  @Test
  void oneMeaningIsOneObject() {
    TestBuffer buffer = TestBuffer.of(DType.INT64, 1, 2);
    Node x = Node.of(new Op.Source(buffer), List.of(), DType.INT64, Shape.of(2));
    assertThat(Node.of(new Op.Source(buffer), List.of(), DType.INT64, Shape.of(2))).isSameAs(x);
    assertThat(scalar(77)).isSameAs(scalar(77));
    List<Node> some = new ArrayList<>(List.of(x));
    Node sum = Node.of(new Op.Reduce(ReduceOp.SUM, List.of(0)), some, DType.INT64, Shape.of());
    assertThat(
            Node.of(new Op.Reduce(ReduceOp.SUM, List.of(0)), List.of(x), DType.INT64, Shape.of()))
        .isSameAs(sum);
  }

  @Test
  void whatDiffersIsAnother() {
    TestBuffer buffer = TestBuffer.of(DType.INT64, 1, 2);
    Node x = Node.of(new Op.Source(buffer), List.of(), DType.INT64, Shape.of(2));
    Node y =
        Node.of(
            new Op.Source(TestBuffer.of(DType.INT64, 1, 2)), List.of(), DType.INT64, Shape.of(2));
    assertThat(y).isNotSameAs(x);
    assertThat(Node.of(new Op.Source(buffer), List.of(), DType.UINT64, Shape.of(2))).isNotSameAs(x);
    assertThat(Node.of(new Op.Source(buffer), List.of(), DType.INT64, Shape.of(2, 1)))
        .isNotSameAs(x);
    assertThat(scalar(0)).isNotSameAs(scalar(1));
    Op add = new Op.Map(ElementOp.ADD);
    Node there = Node.of(add, List.of(x, y), DType.INT64, Shape.of(2));
    assertThat(Node.of(add, List.of(y, x), DType.INT64, Shape.of(2))).isNotSameAs(there);
  }

  @Test
  @Timeout(60)
  void nodesNobodyHoldsAreCollected() throws InterruptedException {
    List<WeakReference<Node>> nodes = new ArrayList<>();
    Node kept = scalar(-12345);
    for (int i = 0; i < 10_000; i++) {
      Node node =
          Node.of(new Op.Reshape(), List.of(scalar(1_000_000 + i)), DType.INT64, Shape.of(1));
      nodes.add(new WeakReference<>(node));
    }
    while (nodes.stream().anyMatch(node -> node.get() != null)) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(scalar(-12345)).isSameAs(kept);
    Reference.reachabilityFence(kept);
    // Their places in the table are swept as it is used again.
    for (int i = 0; i < 10_000; i++) {
      assertThat(scalar(1_000_000 + i).op()).isEqualTo(new Op.Scalar(1_000_000 + i));
    }
  }

  @Test
  @Timeout(60)
  void threadsThatMeetAgree() throws Exception {
    int threads = 8;
    int count = 20_000;
    CyclicBarrier start = new CyclicBarrier(threads);
    Callable<List<Node>> task =
        () -> {
          start.await();
          List<Node> nodes = new ArrayList<>();
          Node node = scalar(42);
          for (int i = 0; i < count; i++) {
            node =
                Node.of(
                    new Op.Map(ElementOp.ADD), List.of(node, scalar(i)), DType.INT64, Shape.of());
            nodes.add(node);
          }
          return nodes;
        };
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<List<Node>>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(pool.submit(task));
      }
      List<Node> first = results.getFirst().get();
      for (Future<List<Node>> result : results) {
        // Nodes are equal only if they are the same.
        assertThat(result.get().equals(first)).isTrue();
      }
    }
  }
}
