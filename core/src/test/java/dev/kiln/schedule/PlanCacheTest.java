package dev.kiln.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.contract.TestBuffer;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.interpret.PlainBackend;
import dev.kiln.spi.Buffer;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanCacheTest {
  @Test
  void anExpressionBuiltAgainIsNotCompiledAgain() {
    PlanCache plans = new PlanCache();
    Node x = TestGraphs.floats(1, 2, 3);
    PlanCache.Bound first = plans.compile(List.of(TestGraphs.map(ElementOp.ADD, x, x)));
    PlanCache.Bound again = plans.compile(List.of(TestGraphs.map(ElementOp.ADD, x, x)));
    assertThat(again.compiled()).isSameAs(first.compiled());
  }

  @Test
  void norIsTheSameExpressionOfOtherArrays() {
    PlanCache plans = new PlanCache();
    Node x = TestGraphs.floats(1, 2, 3);
    Node y = TestGraphs.floats(4, 5, 6);
    PlanCache.Bound first = plans.compile(List.of(TestGraphs.map(ElementOp.SUBTRACT, x, y)));
    PlanCache.Bound other = plans.compile(List.of(TestGraphs.map(ElementOp.SUBTRACT, y, x)));
    assertThat(other.compiled()).isSameAs(first.compiled());
    assertThat(first.inputs()).containsExactly(buffer(x), buffer(y));
    assertThat(other.inputs()).containsExactly(buffer(y), buffer(x));
    assertThat(run(other)).containsExactly(3, 3, 3);
    assertThat(run(first)).containsExactly(-3, -3, -3);
  }

  @Test
  void oneArrayTwiceIsNotTwoArrays() {
    PlanCache plans = new PlanCache();
    Node x = TestGraphs.floats(1, 2, 3);
    Node y = TestGraphs.floats(4, 5, 6);
    PlanCache.Bound square = plans.compile(List.of(TestGraphs.map(ElementOp.MULTIPLY, x, x)));
    PlanCache.Bound product = plans.compile(List.of(TestGraphs.map(ElementOp.MULTIPLY, x, y)));
    assertThat(product.compiled()).isNotSameAs(square.compiled());
    assertThat(run(square)).containsExactly(1, 4, 9);
    assertThat(run(product)).containsExactly(4, 10, 18);
  }

  @Test
  void anArrayAskedForIsItself() {
    PlanCache plans = new PlanCache();
    Node x = TestGraphs.floats(1, 2, 3);
    assertThat(run(plans.compile(List.of(x)))).containsExactly(1, 2, 3);
  }

  @Test
  void thereMayBeManyArrays() {
    PlanCache plans = new PlanCache();
    Node sum = TestGraphs.floats(0);
    for (int k = 1; k <= 100; k++) {
      sum = TestGraphs.map(ElementOp.ADD, sum, TestGraphs.floats(k));
    }
    assertThat(run(plans.compile(List.of(sum)))).containsExactly(5050);
  }

  private static Buffer buffer(Node source) {
    return ((Op.Source) source.op()).buffer();
  }

  private static float[] run(PlanCache.Bound bound) {
    List<Buffer> results =
        Runner.run(
            bound.compiled().plan(),
            bound.inputs(),
            Placement.at(new PlainBackend()),
            Optional.empty(),
            TestBuffer.memory(),
            new Debug(0, System.err));
    return results.getFirst().contents().toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void otherRootsHaveOtherPlans() {
    PlanCache plans = new PlanCache();
    Node x = TestGraphs.floats(1, 2, 3);
    Set<Compiler.Compiled> all = Collections.newSetFromMap(new IdentityHashMap<>());
    Node sum = x;
    for (int i = 0; i < 300; i++) {
      sum = TestGraphs.map(ElementOp.ADD, sum, x);
      all.add(plans.compile(List.of(sum)).compiled());
    }
    assertThat(all).hasSize(300);
    assertThat(plans.compile(List.of(x, sum)).compiled().plan().results()).hasSize(2);
  }

  @Test
  void plansDoNotKeepArraysAlive() throws InterruptedException {
    PlanCache plans = new PlanCache();
    WeakReference<Node> source = compileSomething(plans);
    for (int tries = 0; source.get() != null && tries < 100; tries++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(source.get()).isNull();
  }

  private static WeakReference<Node> compileSomething(PlanCache plans) {
    Node x = TestGraphs.floats(4, 5, 6);
    plans.compile(List.of(TestGraphs.map(ElementOp.MULTIPLY, x, x)));
    return new WeakReference<>(x);
  }
}
