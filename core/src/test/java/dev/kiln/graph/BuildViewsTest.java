package dev.kiln.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BuildViewsTest {
  private static Node of(long... extents) {
    return Build.iota(Shape.of(extents));
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(KilnException.class).hasMessageContainingAll(parts);
  }

  @Test
  void reshapeComputesOneExtent() {
    assertThat(BuildViews.reshape(of(2, 6), 3, -1).shape()).isEqualTo(Shape.of(3, 4));
    assertThat(BuildViews.reshape(of(0, 6), -1, 3).shape()).isEqualTo(Shape.of(0, 3));
    assertThat(BuildViews.reshape(of(1), new long[0]).shape()).isEqualTo(Shape.of());
    Node x = of(2, 3);
    assertThat(BuildViews.reshape(x, 2, -1)).isSameAs(x);
  }

  @Test
  void reshapeRefusesWhatDoesNotFit() {
    refused(() -> BuildViews.reshape(of(2, 3), 4), "(2, 3)", "6 elements", "(4,)", "has 4");
    refused(() -> BuildViews.reshape(of(2, 3), 4, -1), "6 elements", "[4, -1]", "divide 6");
    refused(() -> BuildViews.reshape(of(2, 3), -1, -1), "only one extent may be -1");
    refused(() -> BuildViews.reshape(of(0), 0, -1), "no single extent", "give it");
    refused(() -> BuildViews.reshape(of(2, 3), -2, -3), "negative extent");
    refused(() -> BuildViews.reshape(of(2, 3), -2, -1), "negative extent");
    refused(() -> BuildViews.reshape(of(2), 1L << 40, 1L << 40), "smaller shape");
  }

  @Test
  void permuteTakesEachAxisOnce() {
    assertThat(BuildViews.permute(of(2, 3, 4), 2, 0, 1).shape()).isEqualTo(Shape.of(4, 2, 3));
    assertThat(BuildViews.permute(of(2, 3, 4), -1, 0, 1))
        .isSameAs(BuildViews.permute(of(2, 3, 4), 2, 0, 1));
    Node x = of(2, 3);
    assertThat(BuildViews.permute(x, 0, 1)).isSameAs(x);
    refused(() -> BuildViews.permute(of(2, 3), 0, 0), "axis 0", "twice");
    refused(() -> BuildViews.permute(of(2, 3), 1), "(2, 3)", "2 axes once");
    refused(() -> BuildViews.permute(of(2, 3), 0, 2), "axis 2 is out of range", "-2 to 1");
    refused(() -> BuildViews.transpose(of(2, 3, 4)), "2-d", "permuteDims");
  }

  @Test
  void expandAndSqueezeAreInverse() {
    Node x = of(2, 3);
    assertThat(BuildViews.expandDims(x, 0).shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(BuildViews.expandDims(x, 2).shape()).isEqualTo(Shape.of(2, 3, 1));
    assertThat(BuildViews.expandDims(x, -1).shape()).isEqualTo(Shape.of(2, 3, 1));
    assertThat(BuildViews.expandDims(x, -3).shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(BuildViews.squeeze(of(1, 3, 1)).shape()).isEqualTo(Shape.of(3));
    assertThat(BuildViews.squeeze(of(1, 3, 1), -1).shape()).isEqualTo(Shape.of(1, 3));
    refused(() -> BuildViews.expandDims(x, 3), "axis 3", "-3 to 2");
    refused(() -> BuildViews.squeeze(of(1, 3), 1), "axis 1", "extent is 3");
  }

  @Test
  void broadcastGoesOneWay() {
    assertThat(BuildViews.broadcastTo(of(3, 1), Shape.of(2, 3, 0)).shape())
        .isEqualTo(Shape.of(2, 3, 0));
    refused(() -> BuildViews.broadcastTo(of(3), Shape.of(4)), "(3,)", "(4,)");
    refused(() -> BuildViews.broadcastTo(of(2, 3), Shape.of(3)), "(2, 3)", "(3,)");
    refused(() -> BuildViews.broadcastTo(of(3), Shape.of(1)), "(3,)", "(1,)");
  }

  @Test
  void slicesAreCheckedAndOfOneForm() {
    Node x = of(5);
    assertThat(slice(x, 0, 1, 5)).isSameAs(x);
    assertThat(slice(x, 4, -1, 5).op()).isEqualTo(new Op.Slice(List.of(4L), List.of(-1L)));
    assertThat(slice(x, 3, 7, 1)).isSameAs(slice(x, 3, -2, 1));
    assertThat(slice(x, 3, 7, 0)).isSameAs(slice(x, 0, 1, 0));
    refused(() -> slice(x, 5, 1, 1), "axis 0", "(5,)");
    refused(() -> slice(x, -1, 1, 1), "axis 0");
    refused(() -> slice(x, 1, 2, 3), "3 elements from 1 in steps of 2");
    refused(() -> slice(x, 1, -1, 3), "3 elements");
    refused(() -> slice(x, 0, 0, 2), "steps of 0");
    refused(() -> slice(x, 4, Long.MIN_VALUE, 2), "2 elements");
    refused(() -> slice(x, 0, Long.MAX_VALUE, 2), "2 elements");
  }

  private static Node slice(Node x, long start, long step, long extent) {
    return BuildViews.slice(x, new long[] {start}, new long[] {step}, new long[] {extent});
  }

  @Test
  void rollIsTwoSlices() {
    Node x = of(5);
    assertThat(BuildViews.roll(x, 0, 0)).isSameAs(x);
    assertThat(BuildViews.roll(x, 10, 0)).isSameAs(x);
    assertThat(BuildViews.roll(x, -1, 0)).isSameAs(BuildViews.roll(x, 4, 0));
    assertThat(BuildViews.roll(x, 2, 0).inputs()).hasSize(2);
    assertThat(BuildViews.roll(of(0), 3, 0).shape()).isEqualTo(Shape.of(0));
    assertThat(BuildViews.roll(of(2, 3), 1).shape()).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void joinsPromoteAndCheckShapes() {
    Node bytes = Build.cast(of(2, 3), DType.INT8);
    Node joined = BuildViews.concat(List.of(bytes, Build.cast(of(2, 4), DType.UINT8)), -1);
    assertThat(joined.shape()).isEqualTo(Shape.of(2, 7));
    assertThat(joined.dtype()).isEqualTo(DType.INT16);
    assertThat(joined.inputs()).allSatisfy(in -> assertThat(in.dtype()).isEqualTo(DType.INT16));
    assertThat(BuildViews.concat(List.of(bytes), 0)).isSameAs(bytes);
    assertThat(BuildViews.stack(List.of(bytes, bytes), 1).shape()).isEqualTo(Shape.of(2, 2, 3));
    assertThat(BuildViews.stack(List.of(of(), of()), 0).shape()).isEqualTo(Shape.of(2));
    refused(() -> BuildViews.concat(List.of(of(2, 3), of(3, 4)), 1), "(2, 3)", "(3, 4)");
    refused(() -> BuildViews.concat(List.of(of(2), of(2, 2)), 0), "(2,)", "(2, 2)");
    refused(() -> BuildViews.concat(List.of(of(), of()), 0), "stack");
    refused(() -> BuildViews.concat(List.of(), 0), "at least one");
    refused(() -> BuildViews.stack(List.of(of(2), of(3)), 0), "(2,)", "(3,)");
    refused(() -> BuildViews.stack(List.of(), 0), "at least one");
    refused(() -> BuildViews.stack(List.of(of(2), of(2)), 5), "stack at axis 5", "-2 to 1");
  }
}
