package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NDArrayTest {
  private static final Engine ENGINE = Engine.builder().backend("interpreter").build();

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(KilnException.class).hasMessageContainingAll(parts);
  }

  private static NDArray numbered(long... extents) {
    return ENGINE.arange(Shape.of(extents).size()).reshape(extents);
  }

  @Test
  void nothingIsComputedBeforeItIsAsked() {
    NDArray x = ENGINE.ones(Shape.of(1L << 40)).add(1);
    assertThat(x.size()).isEqualTo(1L << 40);
    assertThat(x).hasToString("NDArray float64(1099511627776,), delayed");
    NDArray y = ENGINE.scalar(2).add(1).compute();
    assertThat(y).hasToString("NDArray int32(), realised");
    assertThat(y.compute()).isSameAs(y);
  }

  @Test
  void arithmeticOfFloats() {
    NDArray x = ENGINE.array(new double[] {-7.5, 0, 2});
    assertThat(x.add(1).toDoubleArray()).containsExactly(-6.5, 1, 3);
    assertThat(x.subtract(0.5).toDoubleArray()).containsExactly(-8, -0.5, 1.5);
    assertThat(x.multiply(x).toDoubleArray()).containsExactly(56.25, 0, 4);
    assertThat(x.divide(2).toDoubleArray()).containsExactly(-3.75, 0, 1);
    assertThat(x.floorDivide(2).toDoubleArray()).containsExactly(-4, 0, 1);
    assertThat(x.remainder(2).toDoubleArray()).containsExactly(0.5, 0, 0);
    assertThat(x.negative().toDoubleArray()).containsExactly(7.5, -0.0, -2);
    assertThat(x.abs().toDoubleArray()).containsExactly(7.5, 0, 2);
    assertThat(x.sign().toDoubleArray()).containsExactly(-1, 0, 1);
    assertThat(x.round().toDoubleArray()).containsExactly(-8, 0, 2);
    assertThat(x.reciprocal().toDoubleArray())
        .containsExactly(1 / -7.5, Double.POSITIVE_INFINITY, 0.5);
    assertThat(x.clip(-1, 1).toDoubleArray()).containsExactly(-1, 0, 1);
    assertThat(x.clip(-0.5, 0.5).toDoubleArray()).containsExactly(-0.5, 0, 0.5);
    assertThat(x.maximum(0).sqrt().toDoubleArray()).containsExactly(0, 0, Math.sqrt(2));
    assertThat(x.greater(0).toBooleanArray()).containsExactly(false, false, true);
    assertThat(x.signbit().toBooleanArray()).containsExactly(true, false, false);
    assertThat(Kiln.fullLike(x, 1).subtract(x).toDoubleArray()).containsExactly(8.5, 1, -1);
  }

  @Test
  void powersOfOneAndTwoAreNoPowers() {
    NDArray x = ENGINE.array(new double[] {-7.5, 0, 2});
    assertThat(x.pow(2).node()).isSameAs(x.square().node()).isSameAs(x.pow(2.0).node());
    assertThat(x.pow(1).node()).isSameAs(x.node()).isSameAs(x.pow(1.0).node());
    assertThat(x.pow(3).toDoubleArray()).containsExactly(-421.875, 0, 8);
    assertThat(ENGINE.array(new int[] {3, -1}).pow(5).toIntArray()).containsExactly(243, -1);
    refused(() -> ENGINE.array(new int[] {3}).pow(2.0), "2.0", "int32");
    refused(() -> ENGINE.array(new boolean[] {true}).pow(1), "bool");
    refused(() -> ENGINE.array(new boolean[] {true}).positive(), "positive", "bool");
    refused(() -> ENGINE.array(new int[] {3}).reciprocal(), "reciprocal", "int32", "astype");
  }

  @Test
  void integersWrapAndShift() {
    NDArray x = ENGINE.array(new byte[] {127, -128, 5});
    assertThat(x.add(1).toByteArray()).containsExactly(-128, -127, 6);
    assertThat(x.bitwiseAnd(6).toByteArray()).containsExactly(6, 0, 4);
    assertThat(x.bitwiseInvert().toByteArray()).containsExactly(-128, 127, -6);
    assertThat(x.bitwiseLeftShift(8).toByteArray()).containsExactly(0, 0, 0);
    assertThat(x.bitwiseRightShift(1).toByteArray()).containsExactly(63, -64, 2);
    assertThat(x.astype(DType.UINT8).toByteArray()).containsExactly(127, -128, 5);
    assertThat(x.astype(DType.UINT8).max().itemLong()).isEqualTo(128);
    assertThat(x.floorDivide(0).toByteArray()).containsExactly(0, 0, 0);
    refused(() -> x.add(128), "128 does not fit int8", "-128 to 127");
    refused(() -> x.add(0.5), "0.5", "int8");
    refused(() -> x.divide(2), "divide takes floating-point", "int8", "astype");
  }

  @Test
  void truthIsLogical() {
    NDArray a = ENGINE.array(new boolean[] {true, true, false, false});
    NDArray b = ENGINE.array(new boolean[] {true, false, true, false});
    assertThat(a.logicalAnd(b).toBooleanArray()).containsExactly(true, false, false, false);
    assertThat(a.logicalOr(b).toBooleanArray()).containsExactly(true, true, true, false);
    assertThat(a.logicalXor(b).toBooleanArray()).containsExactly(false, true, true, false);
    assertThat(a.logicalNot().toBooleanArray()).containsExactly(false, false, true, true);
    assertThat(a.equal(b).toBooleanArray()).containsExactly(true, false, false, true);
    refused(() -> a.add(b), "add takes integer or floating-point", "bool");
    refused(() -> a.equal(1), "bool");
  }

  @Test
  void whereTakesArraysAndNumbers() {
    NDArray x = ENGINE.array(new float[] {-1, 2});
    NDArray positive = x.greater(0);
    assertThat(Kiln.where(positive, x, 0).toFloatArray()).containsExactly(0, 2);
    assertThat(Kiln.where(positive, x, 0.5).toFloatArray()).containsExactly(0.5f, 2);
    assertThat(Kiln.where(positive, 0, x).toFloatArray()).containsExactly(-1, 0);
    assertThat(Kiln.where(positive, 0.5, x).toFloatArray()).containsExactly(-1, 0.5f);
    assertThat(Kiln.where(positive, x, x.negative()).toFloatArray()).containsExactly(1, 2);
  }

  /** Every index of small arrays against the elements picked one by one. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void indexingPicksWhatPythonPicks(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      int rank = random.nextInt(4);
      long[] extents = random.longs(rank, 0, 5).toArray();
      NDArray x = numbered(extents);
      List<Slice> index = new ArrayList<>();
      List<Long> shape = new ArrayList<>();
      List<Long> expected = new ArrayList<>(List.of(0L));
      long[] strides = x.shape().rowMajorStrides();
      int hidden = random.nextBoolean() ? random.nextInt(rank + 1) : -1;
      for (int axis = 0; axis < rank; axis++) {
        long n = extents[axis];
        if (random.nextInt(4) == 0) {
          index.add(Slice.newAxis());
          shape.add(1L);
        }
        List<Long> places = new ArrayList<>();
        if (axis == hidden) {
          index.add(Slice.ellipsis());
          shape.add(n);
          for (long i = 0; i < n; i++) {
            places.add(i);
          }
        } else if (n > 0 && random.nextInt(3) == 0) {
          long at = random.nextLong(-n, n);
          index.add(Slice.at(at));
          places.add(Math.floorMod(at, n));
        } else {
          long step = random.nextBoolean() ? random.nextLong(1, 4) : random.nextLong(-3, 0);
          Slice.Range range = Slice.of(random.nextLong(-6, 7), random.nextLong(-6, 7), step);
          index.add(range);
          for (long i = 0; i < range.count(n); i++) {
            places.add(range.first(n) + i * step);
          }
          shape.add((long) places.size());
        }
        List<Long> next = new ArrayList<>();
        for (long base : expected) {
          for (long place : places) {
            next.add(base + place * strides[axis]);
          }
        }
        expected = next;
      }
      NDArray part = x.get(index.toArray(Slice[]::new));
      String what = "seed " + seed + ": " + x.shape() + " " + index;
      assertThat(part.shape())
          .as(what)
          .isEqualTo(Shape.of(shape.stream().mapToLong(Long::longValue).toArray()));
      assertThat(part.toLongArray())
          .as(what)
          .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
    }
  }

  @Test
  void indicesThatDoNotFitAreErrors() {
    NDArray x = numbered(2, 3);
    assertThat(x.at(-1, 0).itemLong()).isEqualTo(3);
    assertThat(x.get()).extracting(NDArray::node).isSameAs(x.node());
    assertThat(x.get(Slice.ellipsis(), Slice.at(0)).toLongArray()).containsExactly(0, 3);
    refused(() -> x.at(2), "index 2", "axis 0", "(2, 3)", "-2 to 1");
    refused(() -> x.at(0, -4), "index -4", "axis 1");
    refused(() -> x.at(0, 0, 0), "3 axes", "(2, 3)");
    refused(() -> x.get(Slice.ellipsis(), Slice.ellipsis()), "more than one ellipsis");
    refused(() -> numbered(0).at(0), "no elements");
  }

  @Test
  void viewsMoveElements() {
    NDArray x = numbered(2, 3);
    assertThat(x.T().toLongArray()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(x.permuteDims(1, 0).node()).isSameAs(x.T().node());
    assertThat(x.reshape(3, -1).T().toLongArray()).containsExactly(0, 2, 4, 1, 3, 5);
    assertThat(x.flip().toLongArray()).containsExactly(5, 4, 3, 2, 1, 0);
    assertThat(x.flip(-1).toLongArray()).containsExactly(2, 1, 0, 5, 4, 3);
    assertThat(x.roll(1).toLongArray()).containsExactly(5, 0, 1, 2, 3, 4);
    assertThat(x.roll(-1, 1).toLongArray()).containsExactly(1, 2, 0, 4, 5, 3);
    assertThat(x.expandDims(1).squeeze(1).shape()).isEqualTo(x.shape());
    assertThat(x.at(0).broadcastTo(Shape.of(2, 3)).toLongArray()).containsExactly(0, 1, 2, 0, 1, 2);
    refused(() -> numbered(2, 2, 2).T(), "2-d", "permuteDims");
  }

  @Test
  void joins() {
    NDArray a = ENGINE.array(new byte[] {1, 2});
    NDArray b = ENGINE.array(new int[] {3, 4});
    assertThat(Kiln.concat(0, a, b).toIntArray()).containsExactly(1, 2, 3, 4);
    assertThat(Kiln.stack(0, a, b).toIntArray()).containsExactly(1, 2, 3, 4);
    assertThat(Kiln.stack(-1, a, b).toIntArray()).containsExactly(1, 3, 2, 4);
    refused(() -> Kiln.concat(0), "at least one");
    refused(() -> Kiln.stack(0), "at least one");
  }

  @Test
  void reductions() {
    NDArray x = ENGINE.array(new double[][] {{1, 2, 3}, {4, 5, 9}});
    assertThat(x.sum().item()).isEqualTo(24);
    assertThat(x.sum(0).toDoubleArray()).containsExactly(5, 7, 12);
    assertThat(x.sum(Axes.of(-1).keepDims()).shape()).isEqualTo(Shape.of(2, 1));
    assertThat(x.prod(1).toDoubleArray()).containsExactly(6, 180);
    assertThat(x.min(0).toDoubleArray()).containsExactly(1, 2, 3);
    assertThat(x.max().item()).isEqualTo(9);
    assertThat(x.argmax().itemLong()).isEqualTo(5);
    assertThat(x.argmin(1).toLongArray()).containsExactly(0, 0);
    assertThat(x.T().argmax().itemLong()).isEqualTo(5);
    assertThat(x.T().argmax(0).toLongArray()).containsExactly(2, 2);
    assertThat(x.argmax(Axes.all().keepDims()).shape()).isEqualTo(Shape.of(1, 1));
    assertThat(x.mean(1).toDoubleArray()).containsExactly(2, 6);
    assertThat(x.var(1).toDoubleArray()).containsExactly(2.0 / 3, 14.0 / 3);
    assertThat(x.var(Axes.of(1), 1).toDoubleArray()).containsExactly(1, 7);
    assertThat(x.std(Axes.of(1), 1).toDoubleArray()).containsExactly(1, Math.sqrt(7));
    assertThat(x.std().item()).isEqualTo(Math.sqrt(x.var().item()));
    assertThat(x.var(Axes.all(), 6).item()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(x.var(Axes.all(), 9).item()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(x.greater(2).countNonzero(1).toLongArray()).containsExactly(1, 3);
    assertThat(x.subtract(1).all(1).toBooleanArray()).containsExactly(false, true);
    assertThat(x.subtract(1).any(Axes.of(0).keepDims()).shape()).isEqualTo(Shape.of(1, 3));
    assertThat(x.get(Slice.of(0, 0)).sum(0).toDoubleArray()).containsExactly(0, 0, 0);
    assertThat(x.get(Slice.of(0, 0)).mean().item()).isNaN();
    assertThat(x.get(Slice.of(0, 0)).all(0).toBooleanArray()).containsExactly(true, true, true);
    refused(() -> x.get(Slice.of(0, 0)).max(0), "max", "no elements");
    assertThat(ENGINE.scalar(7).sum().itemLong()).isEqualTo(7);
    assertThat(ENGINE.scalar(7).argmax().itemLong()).isZero();
    assertThat(ENGINE.scalar(7.0).var().item()).isZero();
  }

  @Test
  void sumsOfIntegersHaveRoom() {
    byte[] bytes = new byte[300];
    Arrays.fill(bytes, (byte) 100);
    assertThat(ENGINE.array(bytes).sum().itemLong()).isEqualTo(30_000);
    assertThat(ENGINE.array(bytes).astype(DType.UINT8).sum().dtype()).isEqualTo(DType.UINT64);
    assertThat(ENGINE.array(bytes).max().dtype()).isEqualTo(DType.INT8);
  }

  @Test
  void severalAreComputedTogether() {
    NDArray shared = numbered(4).multiply(3);
    NDArray kept = ENGINE.array(new long[] {1});
    List<NDArray> results = Kiln.computeAll(shared.sum(), kept, shared, shared.sum());
    assertThat(results).allMatch(NDArray::isRealised);
    assertThat(results.get(0).itemLong()).isEqualTo(18);
    assertThat(results.get(1).itemLong()).isEqualTo(1);
    assertThat(results.get(2).toLongArray()).containsExactly(0, 3, 6, 9);
    assertThat(results.get(3).itemLong()).isEqualTo(18);
    assertThat(Kiln.computeAll()).isEmpty();
  }

  @Test
  void enginesDoNotMix() {
    try (Engine other = Engine.builder().backend("interpreter").build()) {
      NDArray x = ENGINE.array(new long[] {1, 2});
      NDArray y = other.array(new long[] {3, 4});
      refused(() -> x.add(y), "two engines", "on(engine)");
      refused(() -> Kiln.concat(0, x, y), "on(engine)");
      refused(() -> Kiln.where(x.greater(0), y, x), "on(engine)");
      assertThat(x.add(y.on(ENGINE)).toLongArray()).containsExactly(4, 6);
      assertThat(x.on(other).add(y).engine()).isSameAs(other);
    }
  }

  @Test
  void releasedArraysAreClearErrors() {
    NDArray x = numbered(3).compute();
    NDArray later = x.add(1);
    x.release();
    x.release();
    refused(x::toLongArray, "released");
    refused(later::toLongArray, "released");
    refused(() -> numbered(3).release(), "delayed", "compute()");
    refused(() -> numbered(3).data(), "delayed", "compute()");
  }

  @Test
  void readingLeavesWhatIsReadAlone() {
    NDArray x = ENGINE.array(new long[] {1, 2, 3});
    for (int k = 0; k < 3; k++) {
      assertThat(x.toLongArray()).containsExactly(1, 2, 3);
      assertThat(x.flip().flip().toLongArray()).containsExactly(1, 2, 3);
      assertThat(x.reshape(3, 1).toLongArray()).containsExactly(1, 2, 3);
    }
    assertThat(x.data().isReadOnly()).isTrue();
    assertThat(x.data().byteSize()).isEqualTo(24);
  }

  @Test
  void valuesComeInTheirOwnDType() {
    NDArray x = numbered(3);
    refused(x::toDoubleArray, "toDoubleArray takes float64", "int64", "astype(FLOAT64)");
    refused(x::toBooleanArray, "toBooleanArray", "astype(BOOL)");
    refused(x::toByteArray, "int8");
    refused(x::item, "one element", "(3,)");
    refused(() -> x.copyTo(MemorySegment.ofArray(new int[5])), "24 bytes", "20");
    long[] target = new long[4];
    x.copyTo(MemorySegment.ofArray(target));
    assertThat(target).containsExactly(0, 1, 2, 0);
    assertThat(ENGINE.array(new int[] {-1}).astype(DType.UINT32).toIntArray()).containsExactly(-1);
    assertThat(ENGINE.array(new short[] {-1}).astype(DType.UINT16).toShortArray())
        .containsExactly((short) -1);
  }

  @Test
  void itemsAreExactOrErrors() {
    assertThat(ENGINE.scalar(0.1f).item()).isEqualTo(0.1f);
    assertThat(ENGINE.scalar(1L << 60).item()).isEqualTo(0x1p60);
    assertThat(numbered(1, 1).item()).isZero();
    refused(() -> ENGINE.scalar((1L << 60) + 1).item(), "1152921504606846977", "itemLong()");
    refused(() -> ENGINE.scalar(Long.MAX_VALUE).item(), "itemLong()");
    assertThat(ENGINE.scalar(Long.MIN_VALUE).item()).isEqualTo(-0x1p63);
    refused(() -> ENGINE.scalar(1.0).itemLong(), "float64", "item()");
    refused(() -> ENGINE.scalar(true).item(), "bool", "itemBoolean()");
    refused(() -> ENGINE.scalar(1).itemBoolean(), "int32");
    NDArray huge = ENGINE.scalar(-1L).astype(DType.UINT64);
    refused(huge::itemLong, "18446744073709551615");
    assertThat(ENGINE.scalar(-1).astype(DType.UINT32).itemLong()).isEqualTo(4294967295L);
  }

  @Test
  void aCopyHasMemoryOfItsOwn() {
    int n = 600_000; // more than one thread copies at once
    MemorySegment memory = Arena.ofAuto().allocate(8L * n, 64);
    for (int i = 0; i < n; i++) {
      memory.setAtIndex(ValueLayout.JAVA_DOUBLE, i, i);
    }
    NDArray wrapped = Kiln.wrap(memory, DType.FLOAT64, Shape.of(n));
    NDArray copy = wrapped.copy();
    NDArray reversed = wrapped.flip().copy();
    memory.fill((byte) 0);
    assertThat(copy.sum().item()).isEqualTo((n - 1.0) * n / 2);
    assertThat(reversed.get(Slice.at(0)).item()).isEqualTo(n - 1.0);
    assertThat(Kiln.zeros(Shape.of(0, 3), DType.INT8).copy().shape()).isEqualTo(Shape.of(0, 3));
    assertThat(Kiln.scalar(7).copy().itemLong()).isEqualTo(7);
  }

  @Test
  void aCopyCountsAgainstTheLimit() {
    try (Engine small = Engine.builder().memoryLimit(4 << 20).build()) {
      NDArray wrapped =
          small.wrap(Arena.ofAuto().allocate(1 << 23, 64), DType.INT8, Shape.of(1 << 23));
      assertThatThrownBy(wrapped::copy)
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("limit");
    }
  }
}
