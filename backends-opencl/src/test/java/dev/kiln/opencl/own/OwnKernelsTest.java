package dev.kiln.opencl.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import dev.kiln.opencl.OpenClProvider;
import dev.kiln.spi.Availability;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels that users write, and mistakes that they make. */
class OwnKernelsTest {
  private static final OpenClKernel SCALE =
      OpenClKernel.of(
          """
          kernel void scale(global const float *x, const float factor, global float *y) {
            const size_t i = get_global_id(0);
            y[i] = factor * x[i];
          }
          """,
          "scale");

  private static Engine engine;

  @BeforeAll
  static void open() {
    assumeTrue(new OpenClProvider().availability() instanceof Availability.Ready);
    engine = Engine.builder().backend("opencl").memoryLimit(1L << 28).build();
  }

  @AfterAll
  static void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private static NDArray floats(int n) {
    return engine.arange(0, n, 1, DType.FLOAT32);
  }

  private static NDArray scaled(NDArray x, float factor) {
    return SCALE.over(x.size()).in(x).value(factor).out(DType.FLOAT32, x.shape()).call();
  }

  // ---- what works
  // ---------------------------------------------------------------------------------

  @Test
  void theExamplesDoWhatTheySay() {
    float[] wave = OpenClTour.kernel();
    assertThat(wave).hasSize(1000);
    assertThat(wave[1]).isCloseTo((float) (0.5 * Math.sin(440 / 999.0)), within(1e-3f));
    List<NDArray> halves = OpenClTour.launch(engine.arange(0, 128, 1, DType.INT32));
    assertThat(halves.getFirst().get(Slice.of(62, 66)).toIntArray()).containsExactly(1, 0, 64, 65);
    assertThat(halves.getLast().get(Slice.of(62, 66)).toIntArray())
        .containsExactly(62, 63, 127, 126);
    assertThat(OpenClTour.map(floats(3)).toFloatArray()[2])
        .isCloseTo((float) (2 / (1 + Math.exp(-3))), within(1e-3f));
    NDArray x = engine.arange(0, 100_000, 1, DType.UINT32);
    long parity = 0;
    for (long i = 0; i < 100_000; i++) {
      parity ^= i & 0xff;
    }
    assertThat(OpenClTour.reduction(x).item()).isEqualTo(parity);
  }

  @Test
  void kernelsAreNodesAmongOthers() {
    NDArray x = floats(12).reshape(3, 4);
    NDArray y = scaled(x.add(1), 2).subtract(x);
    assertThat(y.isRealised()).isFalse();
    assertThat(y.shape()).isEqualTo(Shape.of(3, 4));
    float[] expected = new float[12];
    for (int i = 0; i < 12; i++) {
      expected[i] = 2 * (i + 1) - i;
    }
    assertThat(y.toFloatArray()).containsExactly(expected);
    assertThat(y.explain()).contains("scale").contains("a kernel of the user's own, over [12]");
  }

  @Test
  void viewsAreSeenDense() {
    NDArray x = floats(12).reshape(3, 4).compute();
    for (NDArray view :
        List.of(
            x.T(),
            x.get(Slice.all(), Slice.all().by(-1)),
            x.get(Slice.of(1, 3), Slice.of(1, 3)),
            x.T().reshape(12),
            x.get(Slice.at(1)).broadcastTo(Shape.of(2, 3, 4)))) {
      assertThat(scaled(view, 3).toFloatArray()).isEqualTo(view.multiply(3).toFloatArray());
    }
  }

  @Test
  void aResultIsComputedOnceForAllWhoUseIt() {
    OpenClKernel count =
        OpenClKernel.of(
            """
            kernel void count(global int *x) { atomic_inc(x + get_global_id(0) % 2); }
            """,
            "count");
    NDArray counted = count.over(1000).update(engine.zeros(Shape.of(2), DType.INT32)).call();
    NDArray sum = counted.add(counted.get(Slice.all().by(-1))).add(counted.multiply(10));
    assertThat(sum.toIntArray()).containsExactly(6000, 6000);
  }

  @Test
  void anUpdateLeavesItsArrayAsItIs() {
    OpenClKernel half =
        OpenClKernel.of(
            "kernel void half_of(global float *x) { x[2 * get_global_id(0)] = -1; }", "half_of");
    NDArray x = floats(6).compute();
    NDArray y = half.over(3).update(x).call();
    assertThat(y.toFloatArray()).containsExactly(-1, 1, -1, 3, -1, 5);
    assertThat(x.toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void resultsOfOneLaunchMayBeAskedForAloneOrTogether() {
    OpenClKernel split =
        OpenClKernel.of(
            """
            kernel void split(global const double *x, global long *whole, global double *rest) {
              const size_t i = get_global_id(0);
              whole[i] = (long) x[i];
              rest[i] = x[i] - whole[i];
            }
            """,
            "split");
    NDArray x = engine.array(new double[] {1.25, 7.5});
    List<NDArray> both =
        split.over(2).in(x).out(DType.INT64, x.shape()).out(DType.FLOAT64, x.shape()).callAll();
    assertThat(both.getLast().toDoubleArray()).containsExactly(0.25, 0.5);
    assertThat(both.getFirst().toLongArray()).containsExactly(1, 7);
    List<NDArray> together = engine.compute(both);
    assertThat(together.getFirst().toLongArray()).containsExactly(1, 7);
    assertThat(together.getLast().toDoubleArray()).containsExactly(0.25, 0.5);
    assertThat(engine.explain(both)).contains("plan: 1 step");
    long before = engine.memoryInUse();
    both.getLast().compute().release();
    assertThat(engine.memoryInUse()).isEqualTo(before); // nor is the other one left behind
  }

  @Test
  void numbersOfEveryType() {
    OpenClKernel all =
        OpenClKernel.of(
            """
            kernel void numbers(char a, uchar b, short c, ushort d, int e, uint f, long g, ulong h,
                            float i, double j, global double *out) {
              out[0] = a; out[1] = b; out[2] = c; out[3] = d; out[4] = e; out[5] = f;
              out[6] = g; out[7] = h; out[8] = i; out[9] = j;
            }
            """,
            "numbers");
    NDArray out =
        all.over(1)
            .value((byte) -1)
            .value((byte) -1)
            .value((short) -2)
            .value((short) -2)
            .value(-3)
            .value(-3)
            .value(-4L)
            .value(1L << 60)
            .value(0.5f)
            .value(0.1)
            .out(DType.FLOAT64, Shape.of(10))
            .callAll(engine)
            .getFirst();
    assertThat(out.toDoubleArray())
        .containsExactly(-1, 255, -2, 65534, -3, 4294967293.0, -4, Math.scalb(1.0, 60), 0.5, 0.1);
  }

  @Test
  void vectorsOfElements() {
    OpenClKernel twice =
        OpenClKernel.of(
            """
            kernel void twice(constant float4 *x, global float4 *y) {
              y[get_global_id(0)] = 2 * x[get_global_id(0)];
            }
            """,
            "twice");
    NDArray x = floats(8);
    assertThat(twice.over(2).in(x).out(DType.FLOAT32, Shape.of(2, 4)).call().toFloatArray())
        .containsExactly(0, 2, 4, 6, 8, 10, 12, 14);
    assertThatThrownBy(() -> twice.over(2).in(x).out(DType.FLOAT32, Shape.of(7)).call())
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("parameter 2 'global float4* y', given 7 elements")
        .hasMessageContaining("multiple of 4");
  }

  @Test
  void optionsAndGroupsInTwoDimensions() {
    OpenClKernel where =
        OpenClKernel.of(
                """
                kernel void where(global int *y) {
                  const size_t at = get_global_id(1) * get_global_size(0) + get_global_id(0);
                  y[at] = N * get_group_id(0) + get_local_id(1);
                }
                """,
                "where")
            .withOptions("-D N=10");
    NDArray y =
        where.over(4, 4).group(2, 4).out(DType.INT32, Shape.of(4, 4)).callAll(engine).getFirst();
    assertThat(y.get(Slice.at(3)).toIntArray()).containsExactly(3, 3, 13, 13);
  }

  @Test
  void arraysWithoutElements() {
    NDArray none = floats(0);
    assertThat(scaled(none, 2).toFloatArray()).isEmpty();
    OpenClKernel isNull =
        OpenClKernel.of(
            "kernel void is_null(global const float *x, global int *y) { *y = x == 0; }",
            "is_null");
    assertThat(isNull.over(1).in(none).out(DType.INT32, Shape.of()).call().item()).isEqualTo(1);
    assertThatThrownBy(
            () -> SCALE.over(0).in(floats(3)).value(2f).out(DType.FLOAT32, Shape.of(3)).call())
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("over [0], which is no work-item");
    OpenClReduction sum = OpenClReduction.of(DType.FLOAT32, "float *x", "x", "a + b", "0");
    assertThat(sum.call(none).item()).isZero();
  }

  @Test
  void changedNumbersAreOtherResultsOfOneProgram() {
    NDArray x = floats(4).compute();
    for (int factor = 0; factor < 50; factor++) {
      assertThat(scaled(x, factor).toFloatArray())
          .containsExactly(0, factor, 2 * factor, 3 * factor);
    }
    assertThat(scaled(x, 2).explain()).isEqualTo(scaled(x, 2).explain());
  }

  @Test
  void mapsBroadcast() {
    OpenClMap sum = OpenClMap.of(DType.INT32, "int *x, int* y,int z", "x * 100 + y * 10 + z");
    NDArray column = engine.arange(0, 2, 1, DType.INT32).reshape(2, 1);
    NDArray row = engine.arange(0, 3, 1, DType.INT32);
    NDArray all = sum.call(column, row, 7);
    assertThat(all.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(all.toIntArray()).containsExactly(7, 17, 27, 107, 117, 127);
    int large = 65_537; // a prime
    OpenClMap next = OpenClMap.of(DType.FLOAT32, "float *x", "x + 1");
    assertThat(next.call(floats(large)).subtract(floats(large)).sum().item()).isEqualTo(large);
  }

  @ParameterizedTest
  @CsvSource({"1", "255", "256", "257", "65536", "65537", "100003"})
  void reductionsKeepTheOrder(int n) {
    // The composition of affine maps is associative and not commutative; modulo 2^32 it is exact.
    OpenClReduction compose =
        OpenClReduction.of(
            DType.UINT64,
            "ulong *x",
            "x",
            "((ulong) ((uint) (a >> 32) * (uint) (b >> 32)) << 32)"
                + " | (uint) ((uint) (b >> 32) * (uint) a + (uint) b)",
            "1UL << 32");
    long[] maps = new long[n];
    int slope = 1;
    int shift = 0;
    for (int i = 0; i < n; i++) {
      int s = 2 * i + 3;
      int t = 7 * i;
      maps[i] = (long) s << 32 | (t & 0xffff_ffffL);
      shift = s * shift + t;
      slope = slope * s;
    }
    NDArray result = compose.call(engine.array(maps).astype(DType.UINT64));
    assertThat(result.astype(DType.INT64).toLongArray())
        .containsExactly((long) slope << 32 | (shift & 0xffff_ffffL));
  }

  // ---- mistakes
  // -----------------------------------------------------------------------------------

  private static void fails(OpenClLaunch launch, String... words) {
    assertThatThrownBy(() -> launch.callAll(engine))
        .isInstanceOf(KilnException.class)
        .satisfies(
            e -> Arrays.stream(words).forEach(word -> assertThat(e).hasMessageContaining(word)));
  }

  @Test
  void anEngineWithoutOpenCl() {
    try (Engine plain = Engine.builder().backend("interpreter").build()) {
      NDArray x = plain.arange(0, 3, 1, DType.FLOAT32);
      assertThatThrownBy(() -> scaled(x, 2))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("'scale' is written for the backend 'opencl'")
          .hasMessageContaining("computes on interpreter")
          .hasMessageContaining("backend(\"opencl\")");
      NDArray moved = scaled(floats(3), 2).on(plain);
      assertThatThrownBy(moved::compute)
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("'scale' is written for the backend 'opencl'");
      assertThat(scaled(floats(3), 2).compute().on(plain).sum().item()).isEqualTo(6);
    }
  }

  @Test
  void aTextThatDoesNotCompile() {
    OpenClKernel wrong = OpenClKernel.of("kernel void f(global int *x) { *x = nonsense; }", "f");
    fails(
        wrong.over(1).out(DType.INT32, Shape.of()),
        "does not compile",
        "error: ",
        "'nonsense'",
        "kernel void f");
    fails(SCALE.withOptions("-D float").over(1).out(DType.FLOAT32, Shape.of()), "does not compile");
  }

  @Test
  void aKernelThatIsNotThere() {
    OpenClKernel other = OpenClKernel.of(SCALE.source(), "scales");
    fails(other.over(1).out(DType.FLOAT32, Shape.of()), "no kernel 'scales'", "it has scale");
    assertThatThrownBy(() -> OpenClKernel.of("x", "not a name"))
        .hasMessageContaining("'not a name'");
    assertThatThrownBy(() -> OpenClKernel.of(" ", "f")).hasMessageContaining("is empty");
  }

  @Test
  void argumentsThatDoNotFit() {
    NDArray x = floats(4);
    NDArray doubles = x.astype(DType.FLOAT64);
    fails(SCALE.over(4).in(x).out(DType.FLOAT32, x.shape()), "takes 3 arguments, given 2");
    fails(
        SCALE.over(4).in(doubles).value(2f).out(DType.FLOAT32, x.shape()),
        "parameter 1 'global const float* x', given an array of float64",
        "astype");
    fails(
        SCALE.over(4).in(x).value(2).out(DType.FLOAT32, x.shape()),
        "parameter 2 'float factor', given a number of int32");
    fails(
        SCALE.over(4).in(x).value(2.0).out(DType.FLOAT32, x.shape()), "given a number of float64");
    fails(
        SCALE.over(4).value(2f).in(x).out(DType.FLOAT32, x.shape()),
        "parameter 1",
        "given a number of float32");
    fails(
        SCALE.over(4).in(x).in(x).out(DType.FLOAT32, x.shape()),
        "parameter 2 'float factor', given an array to read");
    fails(
        SCALE.over(4).in(x).value(2f).out(DType.INT32, x.shape()),
        "parameter 3 'global float* y', given an array of int32");
    fails(
        SCALE.over(4).out(DType.FLOAT32, x.shape()).value(2f).in(x),
        "parameter 1",
        "a result to write",
        "without const");
    fails(SCALE.over(4).in(x).value(2f).in(x), "has no result");
    fails(
        SCALE.over(4).in(x).local(16).out(DType.FLOAT32, x.shape()),
        "parameter 2",
        "given local memory");
    fails(SCALE.over(4).in(x).value(2f).out(DType.BOOL, x.shape()), "uint8", "notEqual(0)");
  }

  @Test
  void anArrayThatTheKernelCouldWriteTo() {
    OpenClKernel sly =
        OpenClKernel.of(
            "kernel void sly(global int *x, global int *y) { *y = *x; *x = 7; }", "sly");
    NDArray x = engine.array(new int[] {1});
    fails(
        sly.over(1).in(x).out(DType.INT32, x.shape()),
        "parameter 1 'global int* x', given an array to read",
        "declare it global const");
  }

  @Test
  void sizesThatAreImpossible() {
    NDArray x = floats(6);
    fails(launched(SCALE.over(), x), "one to three dimensions");
    fails(launched(SCALE.over(1, 1, 1, 1), x), "one to three dimensions");
    fails(launched(SCALE.over(-1), x), "negative");
    fails(launched(SCALE.over(1L << 32, 1L << 32), x), "more than 2^63 - 1 work-items");
    fails(launched(SCALE.over(6).group(4), x), "a group divides the work-items");
    fails(launched(SCALE.over(6).group(0), x), "a group divides the work-items");
    fails(launched(SCALE.over(6).group(3, 2), x), "as many of each");
    fails(launched(SCALE.over(1L << 40).group(1L << 40), x), "groups of at most");
    OpenClKernel fixed =
        OpenClKernel.of(
            """
            kernel __attribute__((reqd_work_group_size(8, 1, 1))) void fixed(global int *y) {
              y[get_global_id(0)] = get_local_id(0);
            }
            """,
            "fixed");
    fails(fixed.over(16).out(DType.INT32, Shape.of(16)), "demands groups of [8]", "give that");
    fails(fixed.over(16).group(4).out(DType.INT32, Shape.of(16)), "demands groups of [8]");
    OpenClKernel local =
        OpenClKernel.of("kernel void f(local int *x, global int *y) { *y = 1; }", "f");
    fails(local.over(1).local(1L << 40).out(DType.INT32, Shape.of()), "more local memory");
    fails(
        local.over(1).local(Long.MAX_VALUE - 3).out(DType.INT32, Shape.of()), "more local memory");
    fails(local.over(1).local(6).out(DType.INT32, Shape.of()), "multiple of 4");
    fails(local.over(1).local(0).out(DType.INT32, Shape.of()), "at least one");
  }

  private static OpenClLaunch launched(OpenClLaunch launch, NDArray x) {
    return launch.in(x).value(2f).out(DType.FLOAT32, x.shape());
  }

  @Test
  void arraysOfTwoEnginesAndAClosedOne() {
    NDArray x = floats(3);
    Engine other = Engine.builder().backend("opencl").memoryLimit(1L << 26).build();
    OpenClLaunch launch = SCALE.over(3).in(x).value(2f).out(DType.FLOAT32, x.shape());
    assertThatThrownBy(() -> launch.callAll(other)).hasMessageContaining("another engine");
    NDArray there = x.on(other);
    other.close();
    assertThatThrownBy(() -> scaled(there, 2)).hasMessageContaining("the engine is closed");
  }

  @Test
  void parametersThatCannotBeRead() {
    assertThatThrownBy(() -> OpenClMap.of(DType.INT32, "int x[3]", "x"))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("'int x[3]'")
        .hasMessageContaining("float *x");
    assertThatThrownBy(() -> OpenClMap.of(DType.INT32, "int x", "x"))
        .hasMessageContaining("no array");
    OpenClMap twice = OpenClMap.of(DType.INT32, "int *x, int y", "x * y");
    NDArray x = engine.arange(0, 3, 1, DType.INT32);
    assertThatThrownBy(() -> twice.call(x))
        .hasMessageContaining("given 1 arguments for [int *x, int y]");
    assertThatThrownBy(() -> twice.call(3, x)).hasMessageContaining("given 3 for 'int *x'");
    assertThatThrownBy(() -> twice.call(x, "3")).hasMessageContaining("for 'int y'");
    assertThatThrownBy(() -> twice.call(x, 3.0)).hasMessageContaining("a number of float64");
  }

  @Test
  void bufferSizesStayChecked() {
    assertThatThrownBy(
            () ->
                SCALE
                    .over(1)
                    .in(floats(1))
                    .value(1f)
                    .out(DType.FLOAT32, Shape.of(1L << 40))
                    .call()
                    .compute())
        .isInstanceOf(KilnException.class);
    assertThat(Kiln.engine()).isNotNull();
  }
}
