package dev.kiln.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCacheTest {
  @Test
  void anExpressionBuiltAgainIsNotCompiledAgain() {
    PlanCache plans = new PlanCache();
    Node x = TestGraphs.floats(1, 2, 3);
    // The root is held, and so the node that is built again is the same; the plan may still be
    // gone.
    Node root = TestGraphs.map(ElementOp.ADD, x, x);
    for (int tries = 0; tries < 100; tries++) {
      Compiler.Compiled first = plans.compile(List.of(root));
      Node again = TestGraphs.map(ElementOp.ADD, x, x);
      if (plans.compile(List.of(again)) == first) {
        return;
      }
    }
    throw new AssertionError("compiled again in each of 100 tries");
  }

  @Test
  void otherRootsHaveOtherPlans() {
    PlanCache plans = new PlanCache();
    Node x = TestGraphs.floats(1, 2, 3);
    List<Compiler.Compiled> kept = new ArrayList<>();
    List<Node> roots = new ArrayList<>();
    Node sum = x;
    for (int i = 0; i < 300; i++) {
      sum = TestGraphs.map(ElementOp.ADD, sum, x);
      roots.add(sum);
      kept.add(plans.compile(List.of(sum)));
    }
    for (int i = 0; i < roots.size(); i++) {
      Plan expected = Compiler.compile(List.of(roots.get(i))).plan();
      assertThat(plans.compile(List.of(roots.get(i))).plan()).isEqualTo(expected);
      assertThat(kept.get(i).plan()).isEqualTo(expected);
    }
    assertThat(plans.compile(List.of(x, sum)).plan().results()).hasSize(2);
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
