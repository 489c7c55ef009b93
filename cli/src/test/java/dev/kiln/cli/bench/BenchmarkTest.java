package dev.kiln.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.cli.bench.workload.Input;
import dev.kiln.cli.bench.workload.Values;
import dev.kiln.cli.bench.workload.Work;
import dev.kiln.cli.bench.workload.Workload;
import dev.kiln.cli.bench.workload.Workloads;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BenchmarkTest {
  private static final Benchmark TINY = new Benchmark("cpu", 1, 1e-3, 0.001);

  static Stream<Arguments> workloads() {
    return Workloads.all().stream()
        .flatMap(
            workload ->
                Stream.of(DType.FLOAT32, DType.FLOAT64)
                    .map(dtype -> Arguments.of(workload.name(), workload, dtype)));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("workloads")
  void everyWorkloadIsRight(String name, Workload workload, DType dtype) {
    try (Engine engine = Engine.builder().backend("cpu").threads(1).build()) {
      assertThat(Check.small(workload, dtype, engine)).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("workloads")
  void everyWorkloadHasWorkToDo(String name, Workload workload, DType dtype) {
    Work work = workload.work(workload.elements(), dtype);
    assertThat(work.reads() + work.writes()).isGreaterThan(0.9 * workload.elements());
    if (!name.equals("sort")) {
      assertThat(work.flops()).isGreaterThan(0.9 * workload.elements());
    }
  }

  /** Says that x + x is 2 x, and computes 2.001 x if told to. */
  private record Doubling(boolean rightly) implements Workload {
    @Override
    public String name() {
      return "doubling";
    }

    @Override
    public String description() {
      return "x + x";
    }

    @Override
    public long elements() {
      return 1 << 20;
    }

    @Override
    public double tolerance() {
      return 1e-6;
    }

    @Override
    public List<Input> inputs(long n) {
      return List.of(new Input(dev.kiln.Shape.of(n), new Input.Distribution.Normal()));
    }

    @Override
    public NDArray expression(List<NDArray> inputs) {
      return inputs.getFirst().multiply(rightly ? 2 : 2.001);
    }

    @Override
    public LongToDoubleFunction answer(List<Values> inputs) {
      return i -> 2 * inputs.getFirst().at(i);
    }

    @Override
    public Work work(long n, DType dtype) {
      return new Work(n, n, n);
    }
  }

  @Test
  void aRightAnswerHasTimes() {
    Row row = TINY.measure(new Doubling(true), DType.FLOAT32);
    assertThat(row.n()).isEqualTo(1048);
    assertThat(row.peer()).isEqualTo("kiln-cpu");
    assertThat(row.outcome())
        .isInstanceOfSatisfying(
            Row.Outcome.Right.class,
            right -> {
              assertThat(right.first()).isPositive();
              assertThat(right.best()).isPositive().isLessThanOrEqualTo(right.median());
            });
  }

  @Test
  void aWrongAnswerHasNone() {
    Row row = TINY.measure(new Doubling(false), DType.FLOAT64);
    assertThat(row.outcome()).isInstanceOf(Row.Outcome.Wrong.class);
    assertThat(row.json())
        .hasToString(
            "{\"workload\": \"doubling\", \"dtype\": \"float64\", \"n\": 1048, \"peer\":"
                + " \"kiln-cpu\", \"threads\": 1, \"wrong\": true}");
    assertThat(ResultTable.row(new Result(row, java.util.Optional.empty()))).contains("WRONG");
  }

  @Test
  void whatIsNotANumberIsWrong() {
    try (Engine engine = Engine.builder().backend("interpreter").threads(1).build()) {
      Values x = Values.of(engine.array(new double[] {1, 2}));
      Values nan = Values.of(engine.array(new double[] {2, Double.NaN}));
      assertThat(Check.against(new Doubling(true), List.of(x), nan)).isPresent();
    }
  }

  @Test
  void ceilingsBound() {
    Limits limits = new Limits(2, 20, 22, 24, 100, 50);
    // 12 bytes an element at 22 GB/s, and two operations.
    Placement triad = Placement.of(new Work(2e9, 1e9, 2e9), DType.FLOAT32, 1.0, limits);
    assertThat(triad.ceiling()).isEqualTo("triad");
    assertThat(triad.gigabytes()).isEqualTo(12);
    assertThat(triad.part()).isEqualTo(12 / 22.0);
    Placement heavy = Placement.of(new Work(1e9, 1e9, 1e11), DType.FLOAT64, 4.0, limits);
    assertThat(heavy.ceiling()).isEqualTo("fma64");
    assertThat(heavy.part()).isEqualTo(0.5);
    assertThat(Placement.of(new Work(1e9, 1, 1e9), DType.FLOAT32, 1, limits).ceiling())
        .isEqualTo("read");
  }

  @Test
  void limitsAreSane() {
    Limits limits = Limits.measure(1);
    assertThat(limits.ceilings())
        .hasSize(5)
        .allSatisfy(ceiling -> assertThat(ceiling.value()).isBetween(0.2, 1e5));
    // A register holds twice as many floats as doubles; loaded machines blur it.
    assertThat(limits.fma32() / limits.fma64()).isBetween(0.5, 8.0);
    assertThat(limits.ceilings().getFirst().json(1).toString())
        .startsWith("{\"ceiling\": \"copy\", \"threads\": 1, \"gb_s\": ");
  }
}
