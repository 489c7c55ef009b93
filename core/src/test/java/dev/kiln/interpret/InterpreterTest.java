package dev.kiln.interpret;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.doubles;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.integers;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.scalar;
import static dev.kiln.contract.TestGraphs.slice;
import static dev.kiln.contract.TestGraphs.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The definition itself, against values worked out by hand. */
class InterpreterTest {
  private static final long NAN_WITH_PAYLOAD = 0xffc12345L;

  private static long[] bits(Node node) {
    Buffer buffer = Interpreter.evaluate(List.of(node), TestBuffer.memory()).getFirst();
    return TestBuffer.read(buffer, node.dtype());
  }

  private static double[] values(Node node) {
    return Arrays.stream(bits(node)).mapToDouble(b -> Bits.asDouble(node.dtype(), b)).toArray();
  }

  private static double value(ReduceOp function, Node x) {
    return values(reduce(function, x, 0))[0];
  }

  /** n floats, 0 but for those given as pairs of an index and a value. */
  private static Node sparse(DType dtype, int n, double... pairs) {
    double[] x = new double[n];
    for (int i = 0; i < pairs.length; i += 2) {
      x[(int) pairs[i]] = pairs[i + 1];
    }
    return dtype == DType.FLOAT32 ? floats(x) : doubles(x);
  }

  // ---- the order of sums
  // --------------------------------------------------------------------------

  @Test
  void sumsAddInLanesOf32Or16() {
    // In one lane the large numbers meet before the 1 is added; from left to right the 1 would be
    // lost.
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT32, 64, 0, 1e8, 1, 1, 32, -1e8))).isEqualTo(1);
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT64, 64, 0, 1e17, 1, 1, 16, -1e17)))
        .isEqualTo(1);
    // In the first lane the 1 meets a large number and is lost; from left to right it would not be.
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT32, 64, 0, 1e8, 1, -1e8, 32, 1))).isEqualTo(0);
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT64, 64, 0, 1e17, 1, -1e17, 16, 1)))
        .isEqualTo(0);
  }

  @Test
  void lanesAreAddedFromTheUpperHalfDown() {
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT32, 32, 0, 1e8, 16, -1e8, 1, 1))).isEqualTo(1);
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT32, 32, 0, 1e8, 16, 1, 1, -1e8))).isEqualTo(0);
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT32, 32, 0, 1e8, 8, -1e8, 1, 1))).isEqualTo(1);
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT64, 16, 0, 1e17, 8, -1e17, 1, 1)))
        .isEqualTo(1);
    assertThat(value(ReduceOp.SUM, sparse(DType.FLOAT64, 16, 0, 1e17, 8, 1, 1, -1e17)))
        .isEqualTo(0);
  }

  @Test
  void blocksOf4096AreSummedByThemselves() {
    // 1 and -1e8 are in the second block, where the 1 is lost; lanes over both blocks would keep
    // it.
    Node x = sparse(DType.FLOAT32, 4100, 0, 1e8, 4096, -1e8, 4097, 1);
    assertThat(value(ReduceOp.SUM, x)).isEqualTo(0);
    Node inOneBlock = sparse(DType.FLOAT32, 4096, 0, 1e8, 4064, -1e8, 4065, 1);
    assertThat(value(ReduceOp.SUM, inOneBlock)).isEqualTo(1);
  }

  @Test
  void sumsOfBlocksAreSummedInLanesToo() {
    // Blocks 0 and 32 share a lane, so that the 1 of block 1 is kept.
    int n = 33 * 4096;
    Node x = sparse(DType.FLOAT32, n, 0, 1e8, 4096, 1, 32 * 4096, -1e8);
    assertThat(value(ReduceOp.SUM, x)).isEqualTo(1);
    Node y = sparse(DType.FLOAT32, n, 0, 1e8, 4096, -1e8, 32 * 4096, 1);
    assertThat(value(ReduceOp.SUM, y)).isEqualTo(0);
  }

  @Test
  void zerosAndNothing() {
    long minusZero = Bits.of(-0.0f);
    assertThat(bits(reduce(ReduceOp.SUM, floats(), 0))).containsExactly(Bits.of(0f));
    assertThat(bits(reduce(ReduceOp.PROD, floats(), 0))).containsExactly(Bits.of(1f));
    assertThat(bits(reduce(ReduceOp.SUM, floats(-0.0, -0.0), 0))).containsExactly(minusZero);
    assertThat(bits(reduce(ReduceOp.SUM, floats(-0.0, 0.0), 0))).containsExactly(Bits.of(0f));
    assertThat(bits(reduce(ReduceOp.PROD, floats(-0.0, 3), 0))).containsExactly(minusZero);
    assertThat(value(ReduceOp.MEAN, floats())).isNaN();
    assertThat(value(ReduceOp.SQUARED_DEVIATIONS, floats())).isEqualTo(0);
    assertThat(bits(reduce(ReduceOp.SUM, integers(DType.INT8), 0))).containsExactly(0);
    assertThat(bits(reduce(ReduceOp.SUM, source(DType.FLOAT64, Shape.of(3, 0)), 1)))
        .containsExactly(0, 0, 0);
    assertThat(bits(reduce(ReduceOp.MAX, source(DType.FLOAT64, Shape.of(0, 3)), 1))).isEmpty();
  }

  @Test
  void integersWrap() {
    assertThat(bits(reduce(ReduceOp.SUM, integers(DType.INT8, 100, 100), 0))).containsExactly(-56);
    assertThat(bits(reduce(ReduceOp.PROD, integers(DType.UINT8, 20, 20), 0))).containsExactly(144);
    assertThat(bits(map(ElementOp.ABS, integers(DType.INT16, Short.MIN_VALUE))))
        .containsExactly(Short.MIN_VALUE);
    assertThat(bits(map(ElementOp.NEGATIVE, integers(DType.UINT32, 1))))
        .containsExactly(0xffff_ffffL);
  }

  // ---- axes
  // ---------------------------------------------------------------------------------------

  @Test
  void runsOfAxesAreReducedLastFirst() {
    // Shape (2, 2, 2), axes 0 and 2: rows are summed first. The row (1e8, 1) loses its 1, and so
    // the result is 0.
    Node x = reshape(floats(1e8, 1, 0, 0, -1e8, 0, 0, 0), 2, 2, 2);
    assertThat(values(reduce(ReduceOp.SUM, x, 0, 2))).containsExactly(0, 0);
    // First axis first would keep it: that is the same as one sum after the other the other way
    // round.
    Node firstAxisFirst = reduce(ReduceOp.SUM, reduce(ReduceOp.SUM, x, 0), 1);
    assertThat(values(firstAxisFirst)).containsExactly(1, 0);
  }

  @Test
  void adjacentAxesAreOneSequence() {
    // Flat, elements 0 and 32 share a lane: the 1 is kept. Row by row it would be lost.
    double[] flat = new double[64];
    flat[0] = 1e8;
    flat[1] = 1;
    flat[32] = -1e8;
    Node x = reshape(floats(flat), 2, 32);
    assertThat(values(reduce(ReduceOp.SUM, x, 0, 1))).containsExactly(1);
    assertThat(values(reduce(ReduceOp.SUM, reduce(ReduceOp.SUM, x, 1), 0))).containsExactly(0);
    // An axis of extent 1 between two reduced ones, itself kept, does not part them.
    Node parted = reshape(x, 2, 1, 32);
    assertThat(values(reduce(ReduceOp.SUM, parted, 0, 2))).containsExactly(1);
  }

  @Test
  void otherReductionsTakeAllAxesAsOneSequence() {
    Node x = reshape(doubles(1, 9, 2, 9, 3, 9, 4, 9), 2, 2, 2);
    assertThat(values(reduce(ReduceOp.MEAN, x, 0, 1))).containsExactly(2.5, 9);
    assertThat(values(reduce(ReduceOp.SQUARED_DEVIATIONS, x, 0, 1))).containsExactly(5, 0);
    assertThat(bits(reduce(ReduceOp.ARGMAX, x, 0, 1))).containsExactly(3, 0);
    assertThat(bits(reduce(ReduceOp.ARGMAX, x, 0, 2))).containsExactly(1, 1);
    assertThat(bits(reduce(ReduceOp.MAX, x, 1))).isEqualTo(bits(doubles(2, 9, 4, 9)));
  }

  // ---- moments
  // ------------------------------------------------------------------------------------

  @Test
  void momentsOfConstants() {
    for (int n : new int[] {1, 2, 31, 4096, 4097, 20_000}) {
      double[] x = new double[n];
      Arrays.fill(x, 0.1);
      assertThat(value(ReduceOp.MEAN, doubles(x))).as("n %d", n).isCloseTo(0.1, within(2e-17));
      assertThat(value(ReduceOp.MEAN, floats(x))).as("n %d", n).isCloseTo(0.1f, within(1e-8));
      assertThat(value(ReduceOp.SQUARED_DEVIATIONS, doubles(x)))
          .as("n %d", n)
          .isBetween(0.0, 1e-28);
    }
  }

  @Test
  void momentsKeepTheirDigitsFarFromZero() {
    int n = 20_000;
    SplittableRandom random = new SplittableRandom(7);
    double[] shifted = new double[n];
    Arrays.setAll(shifted, i -> (float) (1e5 + random.nextGaussian()));
    double mean = Arrays.stream(shifted).sum() / n;
    double squares = Arrays.stream(shifted).map(v -> (v - mean) * (v - mean)).sum();
    assertThat(value(ReduceOp.MEAN, floats(shifted))).isCloseTo(mean, within(0.004));
    assertThat(value(ReduceOp.SQUARED_DEVIATIONS, floats(shifted)) / squares)
        .isCloseTo(1, within(1e-6));
  }

  @Test
  void momentsOfOneBlockByHand() {
    assertThat(value(ReduceOp.MEAN, floats(1, 2, 4))).isEqualTo(7f / 3);
    // mean 7/3: 16/9 + 1/9 + 25/9
    assertThat(value(ReduceOp.SQUARED_DEVIATIONS, floats(1, 2, 4)))
        .isCloseTo(42.0 / 9, within(1e-6));
    assertThat(value(ReduceOp.MEAN, floats(1, Double.NaN))).isNaN();
    assertThat(value(ReduceOp.SQUARED_DEVIATIONS, floats(1, Double.NaN))).isNaN();
  }

  // ---- extremes
  // -----------------------------------------------------------------------------------

  @Test
  void extremesAndTheirPlaces() {
    assertThat(bits(reduce(ReduceOp.ARGMAX, floats(1, 5, 2, 5), 0))).containsExactly(1);
    assertThat(bits(reduce(ReduceOp.ARGMIN, floats(3, 0.0, -0.0), 0))).containsExactly(1);
    assertThat(bits(reduce(ReduceOp.ARGMIN, floats(3, 1, Double.NaN, Double.NaN), 0)))
        .containsExactly(2);
    assertThat(bits(reduce(ReduceOp.ARGMAX, floats(Double.POSITIVE_INFINITY, Double.NaN), 0)))
        .containsExactly(1);
    assertThat(bits(reduce(ReduceOp.MAX, floats(-0.0, 0.0), 0))).containsExactly(Bits.of(0f));
    assertThat(bits(reduce(ReduceOp.MIN, floats(0.0, -0.0), 0))).containsExactly(Bits.of(-0f));
    assertThat(value(ReduceOp.MIN, floats(1, Double.NaN, -1))).isNaN();
    assertThat(bits(reduce(ReduceOp.MAX, integers(DType.UINT64, 1, -1, 5), 0))).containsExactly(-1);
    assertThat(bits(reduce(ReduceOp.ARGMIN, integers(DType.UINT64, 7, -1, 5), 0)))
        .containsExactly(2);
    assertThat(bits(reduce(ReduceOp.MAX, integers(DType.BOOL, 0, 1), 0))).containsExactly(1);
    assertThat(bits(reduce(ReduceOp.MIN, integers(DType.BOOL, 0, 1), 0))).containsExactly(0);
  }

  // ---- views
  // --------------------------------------------------------------------------------------

  @Test
  void viewsByHand() {
    Node x = iota(Shape.of(2, 3));
    assertThat(bits(permute(x, 1, 0))).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(bits(flip(x, 1))).containsExactly(2, 1, 0, 5, 4, 3);
    assertThat(bits(slice(x, new long[] {1, 2}, new long[] {-1, -2}, new long[] {2, 2})))
        .containsExactly(5, 3, 2, 0);
    assertThat(bits(reshape(permute(x, 1, 0), 2, 3))).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(bits(broadcast(reshape(iota(Shape.of(2)), 2, 1), Shape.of(2, 2, 3))))
        .containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1);
    assertThat(bits(concat(1, x, reshape(iota(Shape.of(2)), 2, 1))))
        .containsExactly(0, 1, 2, 0, 3, 4, 5, 1);
    assertThat(bits(concat(0, x, x))).containsExactly(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
    assertThat(bits(broadcast(scalar(DType.INT8, -3), Shape.of(3)))).containsExactly(-3, -3, -3);
    assertThat(bits(slice(x, new long[] {0, 0}, new long[] {1, 1}, new long[] {0, 3}))).isEmpty();
  }

  // ---- NaN
  // ----------------------------------------------------------------------------------------

  @Test
  void viewsKeepNaNsAndArithmeticMakesThemCanonical() {
    Node x = source(DType.FLOAT32, Shape.of(1), NAN_WITH_PAYLOAD);
    long canonical = Bits.canonicalNaN(DType.FLOAT32);
    assertThat(bits(x)).containsExactly(NAN_WITH_PAYLOAD);
    assertThat(bits(concat(0, flip(x, 0), x))).containsExactly(NAN_WITH_PAYLOAD, NAN_WITH_PAYLOAD);
    assertThat(bits(map(ElementOp.SIGNBIT, x))).containsExactly(1);
    Node yes = scalar(DType.BOOL, 1);
    for (Node computed :
        List.of(
            map(ElementOp.ABS, x),
            map(ElementOp.NEGATIVE, x),
            map(ElementOp.FLOOR, x),
            map(ElementOp.COPYSIGN, x, floats(-1)),
            map(ElementOp.WHERE, yes, x, x),
            cast(x, DType.FLOAT32),
            reduce(ReduceOp.SUM, x, 0),
            reduce(ReduceOp.MAX, x, 0))) {
      assertThat(bits(computed)).as(computed.toString()).containsExactly(canonical);
    }
    assertThat(bits(map(ElementOp.SIGNBIT, map(ElementOp.NEGATIVE, x)))).containsExactly(0);
    assertThat(bits(map(ElementOp.COPYSIGN, floats(2), x))).containsExactly(Bits.of(-2f));
  }

  // ---- choices where the standard leaves one
  // ---------------------------------------------------------

  @Test
  void floatsToIntegersSaturate() {
    Node x =
        doubles(
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e10, -1e10, 2.9, -2.9);
    assertThat(bits(cast(x, DType.INT8))).containsExactly(0, 127, -128, 127, -128, 2, -2);
    assertThat(bits(cast(x, DType.UINT8))).containsExactly(0, 255, 0, 255, 0, 2, 0);
    assertThat(bits(cast(x, DType.INT32)))
        .containsExactly(
            0, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, 2, -2);
    assertThat(bits(cast(x, DType.UINT32)))
        .containsExactly(0, 0xffff_ffffL, 0, 0xffff_ffffL, 0, 2, 0);
    assertThat(bits(cast(x, DType.INT64)))
        .containsExactly(
            0, Long.MAX_VALUE, Long.MIN_VALUE, 10_000_000_000L, -10_000_000_000L, 2, -2);
    assertThat(bits(cast(x, DType.UINT64))).containsExactly(0, -1, 0, 10_000_000_000L, 0, 2, 0);
    assertThat(bits(cast(doubles(0x1p63, 0x1.8p63, Math.nextDown(0x1p64), 0x1p64), DType.UINT64)))
        .containsExactly(Long.MIN_VALUE, 0xc000000000000000L, 0xfffffffffffff800L, -1);
    assertThat(bits(cast(x, DType.BOOL))).containsExactly(1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void unsignedLongsRoundOnce() {
    // Just above half-way between two floats: a first rounding to double would land on half and
    // then go down.
    Node x = integers(DType.UINT64, 0x8000_0080_0000_0001L, 0x8000_0080_0000_0000L, -1);
    assertThat(values(cast(x, DType.FLOAT32))).containsExactly(0x1.000002p63, 0x1p63, 0x1p64);
    assertThat(values(cast(x, DType.FLOAT64))[2]).isEqualTo(0x1p64);
  }

  @Test
  void integerDivisionByZeroAndNegativePowers() {
    Node x = integers(DType.INT32, 7, -7, Integer.MIN_VALUE, 5);
    Node y = integers(DType.INT32, 0, 2, -1, -3);
    assertThat(bits(map(ElementOp.FLOOR_DIVIDE, x, y)))
        .containsExactly(0, -4, Integer.MIN_VALUE, -2);
    assertThat(bits(map(ElementOp.REMAINDER, x, y))).containsExactly(0, 1, 0, -1);
    Node base = integers(DType.INT8, 1, -1, -1, 0, 2, 3);
    Node exponent = integers(DType.INT8, -5, -5, -4, -1, -1, 5);
    assertThat(bits(map(ElementOp.POW, base, exponent))).containsExactly(1, -1, 1, 0, 0, -13);
  }

  // ---- the walk
  // -----------------------------------------------------------------------------------

  @Test
  void deepGraphsAreOrdinary() {
    Node x = integers(DType.INT32, 1);
    Node y = x;
    for (int i = 0; i < 100_000; i++) {
      y = map(ElementOp.ADD, y, x);
    }
    assertThat(bits(y)).containsExactly(100_001);
  }

  @Test
  void everyRootHasItsOwnBuffer() {
    Node x = floats(1, 2);
    List<Buffer> results = Interpreter.evaluate(List.of(x, x), TestBuffer.memory());
    assertThat(results).hasSize(2).doesNotHaveDuplicates();
    assertThat(Interpreter.evaluate(List.of(), TestBuffer.memory())).isEmpty();
  }

  @Test
  void tooLargeArraysAreRefused() {
    Node huge = broadcast(scalar(DType.INT8, 1), Shape.of(1L << 31));
    assertThatThrownBy(() -> Interpreter.evaluate(List.of(huge), TestBuffer.memory()))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("2147483648")
        .hasMessageContaining("at most 2147483639");
  }

  @Test
  void anInterruptEndsTheEvaluationAndStaysSet() {
    Node x = map(ElementOp.NEGATIVE, floats(1));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Interpreter.evaluate(List.of(x), TestBuffer.memory()))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void resultsAreReleasedWhereMemoryRunsOut() {
    List<Integer> released = new ArrayList<>();
    List<Buffer> given = new ArrayList<>();
    Memory onlyOne =
        bytes -> {
          if (!given.isEmpty()) {
            throw new KilnException("no memory left");
          }
          Buffer buffer = new ReleaseRecorder(TestBuffer.memory().allocate(bytes), released);
          given.add(buffer);
          return buffer;
        };
    assertThatThrownBy(() -> Interpreter.evaluate(List.of(floats(1), floats(2)), onlyOne))
        .hasMessage("no memory left");
    assertThat(released).hasSize(1);
  }

  private record ReleaseRecorder(Buffer buffer, List<Integer> released) implements Buffer {
    @Override
    public MemorySegment segment() {
      return buffer.segment();
    }

    @Override
    public long pin() {
      return buffer.pin();
    }

    @Override
    public void unpin() {
      buffer.unpin();
    }

    @Override
    public void release() {
      released.add(1);
    }
  }

  @Test
  void sourcesAreUnpinnedAfterwards() {
    TestBuffer buffer = TestBuffer.of(DType.FLOAT32, 1, 2);
    Node x = Node.of(new Op.Source(buffer), List.of(), DType.FLOAT32, Shape.of(2));
    bits(map(ElementOp.ADD, x, x));
    assertThat(buffer.pins()).isZero();
  }
}
