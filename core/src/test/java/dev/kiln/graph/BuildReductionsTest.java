package dev.kiln.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.kernel.ReduceOp;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildReductionsTest {
  private static Node of(DType dtype, long... extents) {
    return Build.cast(Build.iota(Shape.of(extents)), dtype);
  }

  private static Node reduce(ReduceOp function, Node x, Integer... axes) {
    return BuildReductions.reduce(function, x, List.of(axes), false);
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(KilnException.class).hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL, INT64",
    "INT8, INT64",
    "INT32, INT64",
    "INT64, INT64",
    "UINT8, UINT64",
    "UINT64, UINT64",
    "FLOAT32, FLOAT32",
    "FLOAT64, FLOAT64"
  })
  void sumsHaveRoom(DType dtype, DType expected) {
    for (ReduceOp function : new ReduceOp[] {ReduceOp.SUM, ReduceOp.PROD}) {
      Node sum = reduce(function, of(dtype, 2, 3), 0);
      assertThat(sum.dtype()).isEqualTo(expected);
      assertThat(sum.input(0).dtype()).isEqualTo(expected);
    }
    assertThat(reduce(ReduceOp.MAX, of(dtype, 2, 3), 0).dtype()).isEqualTo(dtype);
  }

  @Test
  void axesAreNormalisedAndShapesFollow() {
    Node x = of(DType.FLOAT32, 2, 3, 4);
    assertThat(reduce(ReduceOp.SUM, x, -1, 0)).isSameAs(reduce(ReduceOp.SUM, x, 0, 2));
    assertThat(reduce(ReduceOp.SUM, x, 1).shape()).isEqualTo(Shape.of(2, 4));
    assertThat(reduce(ReduceOp.SUM, x).shape()).isEqualTo(Shape.of());
    assertThat(BuildReductions.reduce(ReduceOp.SUM, x, List.of(1), true).shape())
        .isEqualTo(Shape.of(2, 1, 4));
    assertThat(BuildReductions.reduce(ReduceOp.SUM, x, List.of(), true).shape())
        .isEqualTo(Shape.of(1, 1, 1));
    refused(() -> reduce(ReduceOp.SUM, x, 3), "axis 3", "(2, 3, 4)");
    refused(() -> reduce(ReduceOp.SUM, x, 0, -3), "twice");
  }

  @Test
  void aScalarIsReducedOverOneAxis() {
    Node sum = reduce(ReduceOp.SUM, of(DType.INT8));
    assertThat(sum.shape()).isEqualTo(Shape.of());
    assertThat(sum.dtype()).isEqualTo(DType.INT64);
    assertThat(sum.op()).isEqualTo(new Op.Reduce(ReduceOp.SUM, List.of(0)));
  }

  @Test
  void meansAreOfFloats() {
    assertThat(reduce(ReduceOp.MEAN, of(DType.FLOAT32, 3)).dtype()).isEqualTo(DType.FLOAT32);
    refused(() -> reduce(ReduceOp.MEAN, of(DType.INT32, 3)), "mean", "int32", "astype(FLOAT64)");
    refused(
        () -> BuildReductions.variance(of(DType.INT32, 3), List.of(), false, 0),
        "var",
        "astype(FLOAT64)");
    refused(
        () -> BuildReductions.deviation(of(DType.BOOL, 3), List.of(), false, 0),
        "std",
        "astype(FLOAT64)");
  }

  @Test
  void theExtremeOfNothingIsAnError() {
    for (ReduceOp function :
        new ReduceOp[] {ReduceOp.MIN, ReduceOp.MAX, ReduceOp.ARGMIN, ReduceOp.ARGMAX}) {
      refused(() -> reduce(function, of(DType.FLOAT32, 0, 3), 0), "(0, 3)", "no elements");
      assertThat(reduce(function, of(DType.FLOAT32, 0, 3), 1).shape()).isEqualTo(Shape.of(0));
    }
    assertThat(reduce(ReduceOp.SUM, of(DType.FLOAT32, 0)).shape()).isEqualTo(Shape.of());
  }

  @Test
  void positionsAreOverOneAxisOrAll() {
    Node x = of(DType.FLOAT32, 2, 3, 4);
    assertThat(reduce(ReduceOp.ARGMAX, x, 1).dtype()).isEqualTo(DType.INT64);
    assertThat(reduce(ReduceOp.ARGMAX, x).shape()).isEqualTo(Shape.of());
    refused(() -> reduce(ReduceOp.ARGMAX, x, 0, 1), "one axis or all", "reshape");
    refused(() -> reduce(ReduceOp.ARGMIN, of(DType.BOOL, 3)), "argmin", "bool");
  }

  @Test
  void truthIsBoolWhateverTheDType() {
    for (DType dtype : new DType[] {DType.BOOL, DType.UINT8, DType.FLOAT64}) {
      Node x = of(dtype, 2, 3);
      assertThat(BuildReductions.any(x, List.of(0), true).shape()).isEqualTo(Shape.of(1, 3));
      assertThat(BuildReductions.all(x, List.of(), false).dtype()).isEqualTo(DType.BOOL);
      assertThat(BuildReductions.countNonzero(x, List.of(), false).dtype()).isEqualTo(DType.INT64);
    }
    assertThat(BuildReductions.any(of(DType.INT8, 0), List.of(), false).op())
        .isEqualTo(new Op.Scalar(0));
    assertThat(BuildReductions.all(of(DType.INT8, 0), List.of(), false).op())
        .isEqualTo(new Op.Scalar(1));
  }
}
