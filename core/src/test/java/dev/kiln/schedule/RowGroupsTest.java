package dev.kiln.schedule;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestData;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.ReduceOp;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which steps share rows, and what is computed in one step. */
class RowGroupsTest {
  private static Node source(long... extents) {
    return TestData.source(
        DType.FLOAT32, Shape.of(extents), TestData.Kind.ORDINARY, new SplittableRandom(1));
  }

  private static Node back(ReduceOp function, Node x, int axis) {
    long[] kept = x.shape().toArray();
    kept[axis] = 1;
    return broadcast(reshape(reduce(function, x, axis), kept), x.shape());
  }

  private static Plan plan(Node... roots) {
    return Compiler.compile(List.of(roots)).plan();
  }

  private static Step.Kernels first(Plan plan) {
    return (Step.Kernels) plan.steps().getFirst();
  }

  private static Node exponentials(Node x, int axis) {
    return map(ElementOp.EXP, map(ElementOp.SUBTRACT, x, back(ReduceOp.MAX, x, axis)));
  }

  private static Node softmax(Node x, int axis) {
    Node e = exponentials(x, axis);
    return map(ElementOp.DIVIDE, e, back(ReduceOp.SUM, e, axis));
  }

  @Test
  void aSoftmaxIsOneGroupThatKeepsItsPartsInside() {
    Plan plan = plan(softmax(source(100, 40), 1));
    assertThat(plan.steps()).hasSize(4);
    RowGroup group = plan.groups().getFirst();
    assertThat(plan.groups()).hasSize(1);
    assertThat(group.from()).isZero();
    assertThat(group.to()).isEqualTo(4);
    assertThat(group.rows()).isEqualTo(100);
    assertThat(group.inside()).hasSize(3);
  }

  @Test
  void aResultIsNotInside() {
    Node x = source(100, 40);
    Plan plan = plan(softmax(x, 1), exponentials(x, 1));
    assertThat(plan.groups()).hasSize(1);
    assertThat(plan.groups().getFirst().inside()).hasSize(2);
  }

  @Test
  void leadingAxesAreRowsToo() {
    Plan plan = plan(softmax(source(3, 7, 40), 2));
    assertThat(plan.groups().getFirst().rows()).isEqualTo(21);
  }

  @Test
  void columnsShareNoRows() {
    assertThat(plan(softmax(source(100, 40), 0)).groups()).isEmpty();
  }

  @Test
  void whatIsReadAcrossTheGrainStaysApart() {
    Node x = source(64, 64);
    Node e = exponentials(x, 1);
    Plan plan = plan(map(ElementOp.ADD, e, permute(e, 1, 0)));
    assertThat(plan.groups()).allSatisfy(group -> assertThat(group.to()).isLessThan(3));
  }

  @Test
  void meanAndDeviationsAreOneStep() {
    Node x = source(100, 40);
    Node deviation = map(ElementOp.SUBTRACT, x, back(ReduceOp.MEAN, x, 0));
    Plan plan = plan(map(ElementOp.DIVIDE, deviation, back(ReduceOp.SQUARED_DEVIATIONS, x, 0)));
    assertThat(plan.steps()).hasSize(2);
    assertThat(plan.steps().getFirst().targets()).hasSize(2);
    assertThat(first(plan).pieces().getFirst().kernel().outputs()).hasSize(2);
  }

  @Test
  void meansOfOtherAxesAreStepsOfTheirOwn() {
    Node x = source(40, 40);
    Node deviations = reduce(ReduceOp.SQUARED_DEVIATIONS, x, 1);
    assertThat(plan(map(ElementOp.ADD, reduce(ReduceOp.MEAN, x, 0), deviations)).steps())
        .hasSize(3);
  }

  @Test
  void aShortReductionIsWrittenOut() {
    Node x = source(50, 3);
    Plan plan = plan(map(ElementOp.SQRT, reduce(ReduceOp.SUM, map(ElementOp.ABS, x), 1)));
    assertThat(plan.steps()).hasSize(1);
    assertThat(first(plan).pieces().getFirst().kernel().reduces()).isFalse();
    assertThat(first(plan(reduce(ReduceOp.SUM, source(50, 9), 1))).pieces())
        .allSatisfy(piece -> assertThat(piece.kernel().reduces()).isTrue());
  }

  @Test
  void aShortReductionOfMuchWorkIsNot() {
    Node x = map(ElementOp.SIN, map(ElementOp.EXP, source(50, 8)));
    assertThat(first(plan(reduce(ReduceOp.SUM, x, 1))).pieces())
        .allSatisfy(piece -> assertThat(piece.kernel().reduces()).isTrue());
  }

  @Test
  void explainNamesGroupsAndWhatTheyMove() {
    String text = Explain.plan(plan(softmax(source(100, 40), 1)));
    // 100 x 40 floats are read once and written once.
    assertThat(text).contains("steps 0 to 3 by blocks of rows, 100 rows: 32,000 bytes");
  }
}
