package dev.kiln.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.Digest;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelaxingTest {
  private static final Node X = TestGraphs.source(DType.FLOAT64, Shape.of(2), new long[2]);

  @Test
  void cheaperFormsTakeTheStrictOnesPlaceWhereThereAreAny() {
    Node atan = TestGraphs.map(ElementOp.ATAN, X);
    Node root = TestGraphs.map(ElementOp.ADD, TestGraphs.map(ElementOp.EXP, atan), atan);
    Node relaxed = TestGraphs.map(ElementOp.RELAXED_ATAN, X);
    assertThat(Relaxing.apply(List.of(root)))
        .containsExactly(
            TestGraphs.map(ElementOp.ADD, TestGraphs.map(ElementOp.EXP, relaxed), relaxed));
  }

  @Test
  void aGraphWithoutAnyStaysTheSameObject() {
    Node root = TestGraphs.map(ElementOp.EXP, X);
    assertThat(Relaxing.apply(List.of(root)).getFirst()).isSameAs(root);
  }

  @Test
  void theDigestTellsThemApart() {
    Node strict = TestGraphs.map(ElementOp.LOG2, X);
    Node relaxed = Relaxing.apply(List.of(strict)).getFirst();
    assertThat(Digest.of(List.of(strict)).get(strict))
        .isNotEqualTo(Digest.of(List.of(relaxed)).get(relaxed));
  }

  @Test
  void anEngineSaysThatItIsRelaxedAndComputesOtherBits() {
    try (Engine strict = Engine.builder().backend("interpreter").build();
        Engine relaxed = Engine.builder().backend("interpreter").relaxed().build()) {
      assertThat(strict.describe()).doesNotContain("relaxed");
      assertThat(relaxed.describe()).contains("relaxed");
      assertThat(relaxed.explain(List.of(relaxed.linspace(0, 1, 9).atan())))
          .contains("relaxed_atan");
      double[] exact = values(strict);
      double[] cheap = values(relaxed);
      assertThat(cheap).isNotEqualTo(exact);
      for (int i = 0; i < exact.length; i++) {
        assertThat(Math.abs(cheap[i] - exact[i])).isLessThanOrEqualTo(4 * Math.ulp(exact[i]));
      }
    }
  }

  private static double[] values(Engine engine) {
    NDArray x = engine.linspace(0, 3, 1001);
    return x.atan().toDoubleArray();
  }
}
