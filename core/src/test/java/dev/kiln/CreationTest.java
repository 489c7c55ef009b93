package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CreationTest {
  private static final Engine ENGINE = Engine.builder().backend("interpreter").build();

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call).isInstanceOf(KilnException.class).hasMessageContainingAll(parts);
  }

  @Test
  void javaArraysComeBackAsTheyWere() {
    assertThat(ENGINE.array(new float[] {1, -0f, Float.NaN}).toFloatArray())
        .containsExactly(1, -0f, Float.NaN);
    assertThat(ENGINE.array(new double[] {1, 2}).toDoubleArray()).containsExactly(1, 2);
    assertThat(ENGINE.array(new int[] {1, -2}).toIntArray()).containsExactly(1, -2);
    assertThat(ENGINE.array(new long[] {1, -2}).toLongArray()).containsExactly(1, -2);
    assertThat(ENGINE.array(new short[] {1, -2}).toShortArray()).containsExactly(1, -2);
    assertThat(ENGINE.array(new byte[] {1, -2}).toByteArray()).containsExactly(1, -2);
    assertThat(ENGINE.array(new boolean[] {true, false}).toBooleanArray())
        .containsExactly(true, false);
  }

  @Test
  void valuesAreCopied() {
    int[] values = {1, 2};
    NDArray x = ENGINE.array(values);
    values[0] = 9;
    assertThat(x.toIntArray()).containsExactly(1, 2);
  }

  @Test
  void aShapeGoesWithFlatValues() {
    NDArray x = ENGINE.array(new int[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));
    assertThat(x.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(x.isRealised()).isTrue();
    assertThat(x.at(1).toIntArray()).containsExactly(4, 5, 6);
    assertThat(ENGINE.array(new int[] {1}, Shape.of()).rank()).isZero();
    refused(() -> ENGINE.array(new int[5], Shape.of(2, 3)), "5 values", "(2, 3)", "6 elements");
  }

  @Test
  void nestedArraysGiveTheirShape() {
    NDArray x = ENGINE.array(new short[][][] {{{1, 2}, {3, 4}, {5, 6}}});
    assertThat(x.shape()).isEqualTo(Shape.of(1, 3, 2));
    assertThat(x.dtype()).isEqualTo(DType.INT16);
    assertThat(x.toShortArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(ENGINE.array(new boolean[][] {{true}, {false}}).toBooleanArray())
        .containsExactly(true, false);
    assertThat(ENGINE.array(new double[0][3]).shape()).isEqualTo(Shape.of(0, 0));
    assertThat(ENGINE.array(new double[3][0]).shape()).isEqualTo(Shape.of(3, 0));
  }

  @Test
  void whatIsNoRectangleOfNumbersIsAnError() {
    refused(
        () -> ENGINE.array(new int[][][] {{{1, 2}, {3, 4}}, {{5, 6}, {7}}}),
        "[1][1] has 1 elements",
        "the first has 2");
    refused(() -> ENGINE.array(new int[][] {{1}, null}), "[1] is null");
    refused(() -> ENGINE.array(new int[][] {null, {1}}), "[0] is null");
    refused(() -> ENGINE.array("text"), "java.lang.String", "scalar");
    refused(() -> ENGINE.array(new Integer[] {1}), "java.lang.Integer[]", "convert");
    refused(() -> ENGINE.array(new char[] {'a'}), "char[]");
  }

  @Test
  void scalarsHaveNoAxes() {
    assertThat(ENGINE.scalar(1.5f).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(ENGINE.scalar(1.5).item()).isEqualTo(1.5);
    assertThat(ENGINE.scalar(-3).itemLong()).isEqualTo(-3);
    assertThat(ENGINE.scalar(-3).dtype()).isEqualTo(DType.INT32);
    assertThat(ENGINE.scalar(1L << 40).itemLong()).isEqualTo(1L << 40);
    assertThat(ENGINE.scalar((short) -3).dtype()).isEqualTo(DType.INT16);
    assertThat(ENGINE.scalar((byte) -3).itemLong()).isEqualTo(-3);
    assertThat(ENGINE.scalar(true).itemBoolean()).isTrue();
    assertThat(ENGINE.scalar(true).shape()).isEqualTo(Shape.of());
  }

  @Test
  void wrappedMemoryIsSeenAsItIs() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(17);
      MemorySegment unaligned = memory.asSlice(1);
      NDArray x = ENGINE.wrap(unaligned.asReadOnly(), DType.INT32, Shape.of(2, 2));
      NDArray sum = x.sum();
      unaligned.set(ValueLayout.JAVA_INT_UNALIGNED, 4, 40);
      assertThat(sum.itemLong()).isEqualTo(40);
      x.release();
      refused(sum::itemLong, "released");
    }
  }

  @Test
  void memoryThatCannotBeLentIsRefused() {
    refused(
        () -> ENGINE.wrap(MemorySegment.ofArray(new int[4]), DType.INT32, Shape.of(4)),
        "heap",
        "Arena.ofShared()");
    NDArray x;
    try (Arena confined = Arena.ofConfined();
        Arena shared = Arena.ofShared()) {
      refused(() -> ENGINE.wrap(confined.allocate(4), DType.INT32, Shape.of(1)), "confined");
      refused(
          () -> ENGINE.wrap(shared.allocate(12), DType.INT32, Shape.of(4)), "16 bytes", "has 12");
      refused(() -> ENGINE.wrap(shared.allocate(12), DType.INT32, Shape.of(1L << 62)), "2^63 - 1");
      x = ENGINE.wrap(shared.allocate(16), DType.INT32, Shape.of(4)).add(1);
      assertThat(x.toIntArray()).containsExactly(1, 1, 1, 1);
    }
    refused(x::toIntArray, "arena is closed");
  }

  @Test
  void constantsAreDelayedAndCostNothing() {
    assertThat(ENGINE.zeros(Shape.of(2)).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(ENGINE.zeros(Shape.of(2), DType.BOOL).toBooleanArray())
        .containsExactly(false, false);
    assertThat(ENGINE.ones(Shape.of(2), DType.BOOL).toBooleanArray()).containsExactly(true, true);
    assertThat(ENGINE.ones(Shape.of(2), DType.UINT8).toByteArray()).containsExactly(1, 1);
    assertThat(ENGINE.ones(Shape.of(1)).item()).isEqualTo(1);
    assertThat(ENGINE.full(Shape.of(2), 7).toLongArray()).containsExactly(7, 7);
    assertThat(ENGINE.full(Shape.of(2), 0.5).toDoubleArray()).containsExactly(0.5, 0.5);
    assertThat(ENGINE.full(Shape.of(1), true).itemBoolean()).isTrue();
    assertThat(ENGINE.full(Shape.of(1), 0.1, DType.FLOAT32).toFloatArray()).containsExactly(0.1f);
    assertThat(ENGINE.zeros(Shape.of(1L << 40, 1L << 20)).isRealised()).isFalse();
    refused(() -> ENGINE.full(Shape.of(1), 300, DType.UINT8), "300 does not fit uint8");
    refused(() -> ENGINE.full(Shape.of(1), 0.5, DType.INT8), "int8");
    refused(() -> ENGINE.zeros(Shape.of(1), DType.COMPLEX64), "complex");
  }

  @Test
  void likesTakeShapeAndDType() {
    NDArray x = ENGINE.array(new float[][] {{1, 2}});
    assertThat(Kiln.zerosLike(x).toFloatArray()).containsExactly(0, 0);
    assertThat(Kiln.onesLike(x).toFloatArray()).containsExactly(1, 1);
    assertThat(Kiln.fullLike(x, 3).toFloatArray()).containsExactly(3, 3);
    assertThat(Kiln.fullLike(x, 0.5).shape()).isEqualTo(x.shape());
    assertThat(Kiln.fullLike(x, 0.5).engine()).isSameAs(ENGINE);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 1, 0 1 2 3 4",
    "2, 9, 3, 2 5 8",
    "2, 8, 3, 2 5",
    "5, 0, -2, 5 3 1",
    "5, 1, -2, 5 3",
    "0, 5, -1, ''",
    "5, 0, 1, ''",
    "3, 3, 1, ''",
    "-9223372036854775808, 9223372036854775807, 9223372036854775807,"
        + " -9223372036854775808 -1 9223372036854775806"
  })
  void wholeRangesCountExactly(long start, long stop, long step, String expected) {
    StringBuilder text = new StringBuilder();
    for (long value : ENGINE.arange(start, stop, step).toLongArray()) {
      text.append(text.isEmpty() ? "" : " ").append(value);
    }
    assertThat(text).hasToString(expected);
  }

  @Test
  void wholeRangesFitTheirDType() {
    assertThat(ENGINE.arange(3).dtype()).isEqualTo(DType.INT64);
    assertThat(ENGINE.arange(1, 3).toLongArray()).containsExactly(1, 2);
    assertThat(ENGINE.arange(250, 256, 2, DType.UINT8).toByteArray())
        .containsExactly((byte) 250, (byte) 252, (byte) 254);
    assertThat(ENGINE.arange(0, 3, 1, DType.FLOAT32).toFloatArray()).containsExactly(0, 1, 2);
    refused(() -> ENGINE.arange(250, 257, 2, DType.UINT8), "256 does not fit uint8");
    refused(() -> ENGINE.arange(-1, 2, 1, DType.UINT8), "-1 does not fit uint8");
    refused(() -> ENGINE.arange(0, 2, 0), "step 0");
    refused(() -> ENGINE.arange(Long.MIN_VALUE, Long.MAX_VALUE, 1), "too long");
    refused(() -> ENGINE.arange(0, 2, 1, DType.BOOL), "bool");
  }

  @Test
  void realRangesAreStartPlusStepTimesI() {
    double[] values = ENGINE.arange(1, 2, 0.1).toDoubleArray();
    assertThat(values).hasSize(10);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(1 + i * 0.1);
    }
    assertThat(ENGINE.arange(1, 0, -0.25, DType.FLOAT32).toFloatArray())
        .containsExactly(1, 0.75f, 0.5f, 0.25f);
    assertThat(ENGINE.arange(1, 0, 0.5).size()).isZero();
    refused(() -> ENGINE.arange(0, 1, 0.0), "step 0");
    refused(() -> ENGINE.arange(0, Double.POSITIVE_INFINITY, 1), "finite");
    refused(() -> ENGINE.arange(0, 1, 0.5, DType.INT8), "int8");
    refused(() -> ENGINE.arange(0, 1e300, 1e-300), "too long");
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3", "7", "50"})
  void linspaceEndsWhereItShould(long count) {
    double[] values = ENGINE.linspace(0.1, 0.7, count).toDoubleArray();
    assertThat(values).hasSize((int) count);
    for (int i = 0; i < count; i++) {
      boolean last = count > 1 && i == count - 1;
      assertThat(values[i])
          .isEqualTo(last ? 0.7 : 0.1 + i * ((0.7 - 0.1) / Math.max(1, count - 1)));
    }
    double[] open = ENGINE.linspace(0, 1, count, false, DType.FLOAT64).toDoubleArray();
    for (int i = 0; i < count; i++) {
      assertThat(open[i]).isEqualTo(i * (1.0 / count));
    }
  }

  @Test
  void linspaceRefusesWhatHasNoStep() {
    refused(() -> ENGINE.linspace(0, 1, -1), "negative extent");
    refused(() -> ENGINE.linspace(-1e308, 1e308, 3), "finite distance");
    refused(() -> ENGINE.linspace(0, 1, 3, true, DType.INT32), "int32");
  }

  @ParameterizedTest
  @EnumSource(names = {"BOOL", "INT32", "FLOAT64"})
  void eyeHasOnesOnTheDiagonal(DType dtype) {
    for (long k = -4; k <= 4; k++) {
      boolean[] values = ENGINE.eye(3, 4, k, dtype).astype(DType.BOOL).toBooleanArray();
      for (int i = 0; i < 12; i++) {
        assertThat(values[i]).isEqualTo(i % 4 == i / 4 + k);
      }
    }
    assertThat(ENGINE.eye(2).toDoubleArray()).containsExactly(1, 0, 0, 1);
  }

  @Test
  void theDefaultEngineIsOne() {
    assertThat(Kiln.engine()).isSameAs(Kiln.engine());
    assertThat(Kiln.zeros(Shape.of(1)).engine()).isSameAs(Kiln.engine());
    assertThat(Kiln.arange(0, 3, 1, DType.INT8).toByteArray()).containsExactly(0, 1, 2);
  }
}
