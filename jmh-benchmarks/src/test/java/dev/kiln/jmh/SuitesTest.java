package dev.kiln.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs once, small, by every contender on the class path, and is checked. */
class SuitesTest {
  @ParameterizedTest
  @CsvSource({
    "ElementWise, 1000",
    "Reductions, 3072",
    "LinearAlgebra, 33",
    "ScansAndSorts, 5000",
    "DispatchOverhead, 10"
  })
  void runsOnceByEverybody(String suite, String size) throws RunnerException {
    List<Contender> contenders = new ArrayList<>(Contenders.all());
    contenders.add(Contenders.named("interpreter"));
    Options asked =
        once(suite)
            .param("size", size)
            .param("threads", "2")
            .param("backend", contenders.stream().map(Contender::name).toArray(String[]::new))
            .build();
    Set<String> expected = new TreeSet<>();
    for (String benchmark : benchmarks(suite)) {
      Workload workload = Suite.workload(benchmark).orElseThrow();
      for (Contender contender : contenders) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
          if (contender.workloads(dtype).containsKey(workload)) {
            expected.add(benchmark + " " + contender.name() + " " + dtype);
          }
        }
      }
    }
    Set<String> ran = new TreeSet<>();
    for (RunResult result : run(asked)) {
      ran.add(
          "%s %s %s"
              .formatted(
                  result.getParams().getBenchmark(),
                  result.getParams().getParam("backend"),
                  result.getParams().getParam("dtype")));
    }
    assertThat(ran).isEqualTo(expected).isNotEmpty();
  }

  @Test
  void graphsAreBuiltOnce() throws RunnerException {
    assertThat(run(once("GraphBuilding").param("operations", "100").build())).hasSize(4);
  }

  @Test
  void kernelLengthRunsAndChecksItself() throws RunnerException {
    Options asked =
        once("KernelLength").param("operations", "10", "200").param("size", "100").build();
    assertThat(run(asked)).hasSize(4);
  }

  @Test
  void tasksAreHandedOutByEverybody() throws RunnerException {
    assertThat(run(once("Tasks").param("tasks", "1000").build())).hasSize(7);
  }

  @Test
  void everyWorkloadHasOneBenchmark() {
    List<Workload> named =
        benchmarks(".*").stream().flatMap(name -> Suite.workload(name).stream()).toList();
    assertThat(named).containsExactlyInAnyOrder(Workload.values());
  }

  @Test
  void plainLoopsOfferAllThatIsNotKilnsAlone() {
    Set<Workload> all =
        Arrays.stream(Workload.values())
            .filter(workload -> workload != Workload.HALF_HYPOTENUSE_BUILT)
            .collect(Collectors.toSet());
    assertThat(new JavaLoops().workloads(DType.FLOAT32)).containsOnlyKeys(all);
    assertThat(new JavaLoops().workloads(DType.FLOAT64)).containsOnlyKeys(all);
  }

  @Test
  void kilnOffersEverything() {
    assertThat(Contenders.named("cpu").workloads(DType.FLOAT32))
        .containsOnlyKeys(Workload.values());
    assertThat(Contenders.named("cpu").workloads(DType.FLOAT64))
        .containsOnlyKeys(Workload.values());
  }

  @Test
  void saysWhatNobodyOffers() {
    assertThatThrownBy(() -> Runs.of(once("NoSuchSuite").build()))
        .hasMessageContaining("-l lists them");
    assertThatThrownBy(
            () ->
                Runs.of(
                    once("DispatchOverhead")
                        .exclude("halfHypotenuse$")
                        .param("backend", "java")
                        .build()))
        .hasMessageContaining("nobody offers")
        .hasMessageContaining("java float64 dev.kiln.jmh.DispatchOverhead.halfHypotenuseBuilt");
  }

  @Test
  void contendersHaveNamesOfTheirOwn() {
    assertThat(Contenders.all()).extracting(Contender::name).doesNotHaveDuplicates();
  }

  private static ChainedOptionsBuilder once(String suite) {
    return new OptionsBuilder()
        .include("\\." + suite + "\\.")
        .mode(Mode.SingleShotTime)
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .shouldDoGC(false)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  private static List<RunResult> run(Options asked) throws RunnerException {
    List<RunResult> results = new ArrayList<>();
    for (Options options : Runs.of(asked).options()) {
      results.addAll(new Runner(options).run());
    }
    return results;
  }

  private static List<String> benchmarks(String suite) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Stream<BenchmarkListEntry> found =
        BenchmarkList.defaultList()
            .find(
                OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT),
                List.of("\\." + suite + "\\."),
                List.of())
            .stream();
    return found.map(BenchmarkListEntry::getUsername).toList();
  }
}
