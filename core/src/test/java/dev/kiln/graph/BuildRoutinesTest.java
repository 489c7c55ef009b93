package dev.kiln.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.kernel.Routine;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BuildRoutinesTest {
  private static Node of(DType dtype, long... extents) {
    return Build.cast(Build.iota(Shape.of(extents)), dtype);
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(KilnException.class).hasMessageContainingAll(parts);
  }

  @Test
  void runningSumsHaveTheDtypesOfSums() {
    assertThat(BuildRoutines.cumulative(Fold.SUM, of(DType.INT8, 4)).dtype())
        .isEqualTo(DType.INT64);
    assertThat(BuildRoutines.cumulative(Fold.PROD, of(DType.UINT8, 4)).dtype())
        .isEqualTo(DType.UINT64);
    assertThat(BuildRoutines.cumulative(Fold.SUM, of(DType.BOOL, 4)).dtype())
        .isEqualTo(DType.INT64);
    assertThat(BuildRoutines.cumulative(Fold.SUM, of(DType.FLOAT32, 4)).dtype())
        .isEqualTo(DType.FLOAT32);
  }

  @Test
  void runningSumsGoAlongAnAxis() {
    Node x = of(DType.FLOAT64, 2, 3);
    Node sums = BuildRoutines.cumulative(Fold.SUM, x, -1, false);
    assertThat(sums.op()).isEqualTo(new Op.Call(new Routine.Cumulative(Fold.SUM, 1)));
    assertThat(sums.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(BuildRoutines.cumulative(Fold.SUM, x, 0, true).shape()).isEqualTo(Shape.of(3, 3));
    refused(
        () -> BuildRoutines.cumulative(Fold.SUM, x), "cumulativeSum", "(2, 3)", "needs an axis");
    refused(() -> BuildRoutines.cumulative(Fold.SUM, x, 2, false), "axis 2", "(2, 3)");
    refused(() -> BuildRoutines.cumulative(Fold.PROD, of(DType.INT64), 0, false), "0-d", "reshape");
  }

  @Test
  void sortingKeepsTheShape() {
    Node x = of(DType.UINT8, 2, 3);
    assertThat(BuildRoutines.sort(x, -2, true).op())
        .isEqualTo(new Op.Call(new Routine.Sort(0, true)));
    assertThat(BuildRoutines.sort(x, 0, false).dtype()).isEqualTo(DType.UINT8);
    assertThat(BuildRoutines.argsort(x, 0, false).dtype()).isEqualTo(DType.INT64);
    assertThat(BuildRoutines.argsort(x, 0, false).shape()).isEqualTo(Shape.of(2, 3));
    refused(() -> BuildRoutines.sort(x, 5, false), "axis 5");
    refused(() -> BuildRoutines.argsort(of(DType.INT64), 0, false), "argsort", "0-d");
  }

  @Test
  void matricesMultiply() {
    Node product = BuildMatrices.matmul(of(DType.INT8, 2, 3), of(DType.INT32, 3, 4));
    assertThat(product.op()).isEqualTo(new Op.Call(new Routine.MatMul()));
    assertThat(product.dtype()).isEqualTo(DType.INT32);
    assertThat(product.shape()).isEqualTo(Shape.of(2, 4));
  }

  @Test
  void outerAxesBroadcast() {
    Node x = of(DType.FLOAT32, 5, 1, 2, 3);
    Node y = of(DType.FLOAT32, 4, 3, 7);
    assertThat(BuildMatrices.matmul(x, y).shape()).isEqualTo(Shape.of(5, 4, 2, 7));
    refused(
        () -> BuildMatrices.matmul(of(DType.FLOAT32, 2, 2, 3), of(DType.FLOAT32, 3, 3, 2)),
        "(2,)",
        "(3,)");
  }

  @Test
  void productsWithVectorsAreSumsOfProducts() {
    Node matrix = of(DType.FLOAT64, 3, 3);
    Node vector = of(DType.FLOAT64, 3);
    for (Node product :
        List.of(
            BuildMatrices.matmul(matrix, vector),
            BuildMatrices.matmul(vector, matrix),
            BuildMatrices.matmul(vector, vector),
            BuildMatrices.matmul(matrix, of(DType.FLOAT64, 3, 1)),
            BuildMatrices.matmul(of(DType.FLOAT64, 1, 3), matrix))) {
      assertThat(Graphs.topological(List.of(product)))
          .noneMatch(node -> node.op() instanceof Op.Call)
          .anyMatch(node -> node.op() instanceof Op.Reduce);
    }
    assertThat(BuildMatrices.matmul(matrix, vector).shape()).isEqualTo(Shape.of(3));
    assertThat(BuildMatrices.matmul(vector, matrix).shape()).isEqualTo(Shape.of(3));
    assertThat(BuildMatrices.matmul(vector, vector).shape()).isEqualTo(Shape.of());
    assertThat(BuildMatrices.matmul(of(DType.FLOAT64, 4, 1, 3), matrix).shape())
        .isEqualTo(Shape.of(4, 1, 3));
    assertThat(BuildMatrices.matmul(of(DType.INT8, 2, 3), of(DType.INT8, 3)).dtype())
        .isEqualTo(DType.INT8);
  }

  @Test
  void productsOfNothing() {
    Node nothing = BuildMatrices.matmul(of(DType.FLOAT32, 2, 0), of(DType.FLOAT32, 0, 3));
    assertThat(nothing.op()).isEqualTo(new Op.Broadcast());
    assertThat(nothing.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(BuildMatrices.matmul(of(DType.FLOAT32, 0, 2), of(DType.FLOAT32, 2, 3)).shape())
        .isEqualTo(Shape.of(0, 3));
  }

  @Test
  void whatDoesNotMultiply() {
    Node x = of(DType.FLOAT32, 2, 3);
    refused(() -> BuildMatrices.matmul(x, x), "rows of 3", "columns of 2", "(2, 3)");
    refused(() -> BuildMatrices.matmul(x, of(DType.FLOAT32)), "at least 1 axis", "multiply");
    refused(
        () -> BuildMatrices.matmul(of(DType.BOOL, 2, 2), of(DType.BOOL, 2, 2)), "bool", "astype");
  }

  @Test
  void sumsOfProducts() {
    Node x = of(DType.FLOAT32, 4, 3);
    assertThat(BuildMatrices.vecdot(x, of(DType.FLOAT32, 3), -1).shape()).isEqualTo(Shape.of(4));
    assertThat(BuildMatrices.vecdot(x, of(DType.FLOAT32, 5, 4, 1), -2).shape())
        .isEqualTo(Shape.of(5, 3));
    refused(() -> BuildMatrices.vecdot(x, x, 0), "axis 0", "-2 to -1");
    refused(() -> BuildMatrices.vecdot(x, of(DType.FLOAT32, 1), -1), "3 and 1");
    Node y = of(DType.FLOAT32, 3, 5, 4);
    assertThat(BuildMatrices.tensordot(x, y, new int[] {0, 1}, new int[] {2, 0}).shape())
        .isEqualTo(Shape.of(5));
    assertThat(BuildMatrices.tensordot(x, y, 1).shape()).isEqualTo(Shape.of(4, 5, 4));
    assertThat(BuildMatrices.tensordot(x, y, 0).shape()).isEqualTo(Shape.of(4, 3, 3, 5, 4));
    refused(() -> BuildMatrices.tensordot(x, y, 2), "(4, 3)", "(3, 5, 4)", "equal extents");
    refused(() -> BuildMatrices.tensordot(x, y, 3), "0 to 2");
  }

  @Test
  void transposedMatrices() {
    assertThat(BuildMatrices.transpose(of(DType.INT8, 2, 3, 4)).shape())
        .isEqualTo(Shape.of(2, 4, 3));
    refused(() -> BuildMatrices.transpose(of(DType.INT8, 2)), "at least 2 axes", "(2,)");
  }
}
