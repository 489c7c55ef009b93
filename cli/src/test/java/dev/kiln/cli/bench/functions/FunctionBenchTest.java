package dev.kiln.cli.bench.functions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.kernel.function.Elementary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class FunctionBenchTest {
  private static final FunctionBench.Sizes SIZES = FunctionBench.Sizes.of(2048);

  @Test
  void measuresKilnBesideThoseThatHaveTheFunction() {
    FunctionBench bench =
        new FunctionBench(
            () -> Engine.builder().backend("cpu").threads(1).build(), SIZES, 1, Optional.empty());
    Figure figure = bench.measure(Subject.of(Elementary.ATAN2).orElseThrow(), DType.FLOAT32);
    assertThat(figure.costs()).containsKey("math");
    // What a busy machine did not compile in time has no figure, and that is said.
    assertThat(figure.costs().containsKey("kiln") && figure.costs().containsKey("svml"))
        .isEqualTo(
            !(figure.ratio() instanceof Figure.Ratio.None(String why) && why.contains("did not")));
    assertThat(bench.measure(Subject.of(Elementary.RSQRT).orElseThrow(), DType.FLOAT64).costs())
        .satisfiesAnyOf(
            costs -> assertThat(costs).isEmpty(),
            costs -> assertThat(costs).containsOnlyKeys("kiln"));
  }

  /** Boxed vectors of a call are more than a hot loop may allocate. */
  @Test
  void whoStillAllocatesIsCold() {
    Object[] kept = new Object[1];
    Runnable boxing = () -> kept[0] = new double[1024];
    Contender.InJava cold = new Contender.InJava("svml", boxing, () -> {}, () -> {}, 0);
    assertThat(cold.warm()).containsExactly("svml");
    Contender.InJava cooled = new Contender.InJava("svml", () -> {}, boxing, () -> {}, 1024);
    assertThat(cooled.cooled()).containsExactly("svml");
    Contender.InJava hot = new Contender.InJava("svml", () -> {}, () -> {}, () -> {}, 1 << 20);
    assertThat(new Contender.Fastest(List.of(cold, hot)).warm()).isEmpty();
    assertThat(new Contender.Fastest(List.of(cold)).warm()).containsExactly("svml");
  }

  @Test
  void noRatioWithoutTwoThatAreHot() {
    List<Lap> laps = List.of(new Lap("kiln", 3, 1), new Lap("svml", 5, 1), new Lap("math", 4, 1));
    Figure slow = Figure.of("tanh", DType.FLOAT32, 1, SIZES, laps, List.of());
    assertThat(slow.ratio().value()).isEmpty();
    assertThat(new FigureTable(false).row(slow)).contains("svml is slower than Math");
    Figure cold = Figure.of("pow", DType.FLOAT32, 1, SIZES, laps, List.of("svml"));
    assertThat(cold.costs()).containsOnlyKeys("kiln", "math");
    assertThat(cold.json().toString()).contains("\"no_ratio\": \"svml did not become");
    assertThat(FigureTable.foot(List.of(slow, cold)))
        .isEqualTo("no ratio; without a ratio: tanh float32, pow float32");
  }

  @Test
  void onlySomeFunctionsHaveARelaxedForm() {
    assertThat(Subject.all().stream().filter(Subject::canRelax).map(Subject::name))
        .containsExactlyInAnyOrder("sigmoid", "log2", "log10", "atan");
  }

  /** Two copies of a template, each with an operator of its own, agree with Math. */
  @Test
  void templatesHoldTheirOperator() {
    for (Elementary function : List.of(Elementary.LOG, Elementary.POW)) {
      Subject subject = Subject.of(function).orElseThrow();
      @SuppressWarnings("unchecked")
      HeapLoop<double[]> math =
          Template.copy(DoubleMathLoop.class, HeapLoop.class, subject.math().orElseThrow());
      ArrayLoop vector =
          Template.copy(DoubleVectorLoop.class, ArrayLoop.class, subject.vector().orElseThrow());
      double[] x = {1, 2, 3, 4, 5, 6, 7, 8};
      double[] y = {2, 2, 2, 2, 0.5, 0.5, -1, -1};
      double[] out = new double[8];
      math.run(x, y, out, 8);
      try (var arena = java.lang.foreign.Arena.ofConfined()) {
        var xs = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_DOUBLE, x);
        var ys = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_DOUBLE, y);
        var outs = arena.allocate(64, 64);
        vector.run(xs.address(), ys.address(), outs.address(), 8);
        for (int i = 0; i < 8; i++) {
          double expected = function == Elementary.LOG ? Math.log(x[i]) : Math.pow(x[i], y[i]);
          assertThat(out[i]).isEqualTo(expected);
          assertThat(outs.getAtIndex(java.lang.foreign.ValueLayout.JAVA_DOUBLE, i))
              .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-14 * 64));
        }
      }
    }
  }

  @Test
  void theTimeOfAnElementIsTheSlope() {
    List<Lap> laps =
        List.of(
            new Lap("kiln", 5e-6 + 2048e-9, 5e-6 + 1024e-9),
            new Lap("svml", 1024e-9, 512e-9),
            new Lap("kiln", 1, 0.5),
            new Lap("svml", 1024e-9, 512e-9),
            new Lap("kiln", 5e-6 + 2048e-9, 5e-6 + 1024e-9),
            new Lap("svml", 1, 0.5));
    Figure figure = Figure.of("exp", DType.FLOAT32, 1, SIZES, laps, List.of());
    assertThat(figure.costs().get("kiln").nanos())
        .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(figure.costs().get("kiln").callMicros())
        .isCloseTo(5, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(figure.ratio().value().orElseThrow())
        .isCloseTo(2, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(figure.json().toString())
        .startsWith("{\"function\": \"exp\", \"dtype\": \"float32\", \"n\": 2048, \"threads\": 1")
        .contains("\"kiln_ns\": ", "\"svml_call_us\": ", "\"ratio\": ");
  }

  private static Figure figure(String name, double kiln, double svml) {
    SequencedMap<String, Figure.Cost> costs = new LinkedHashMap<>();
    costs.put("kiln", new Figure.Cost(kiln, 3));
    costs.put("svml", new Figure.Cost(svml, 0));
    Figure.Ratio ratio = new Figure.Ratio.Of(kiln / svml, 0.04);
    return new Figure(name, DType.FLOAT64, 2048, 1, costs, ratio);
  }

  @Test
  void namesWhatIsSlow() {
    assertThat(FigureTable.foot(List.of(figure("exp", 1, 2), figure("log", 2, 1))))
        .isEqualTo("geometric mean of 2 ratios: 1.000; above 1.5: 1 (log float64)");
    assertThat(new FigureTable(true).row(figure("exp", 1, 2)))
        .startsWith("exp         float64     1.000   2.000       -       -       -")
        .contains("0.50", "4%", "3.0");
  }
}
