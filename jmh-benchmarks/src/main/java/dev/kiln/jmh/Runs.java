package dev.kiln.jmh;

import dev.kiln.DType;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What is to be run, of what was asked for: for each contender and dtype what it offers.
 *
 * @param options one for each of JMH's runs
 * @param notOffered what was asked for and is left out, for people
 */
record Runs(List<Options> options, List<String> notOffered) {
  private static final List<String> DTYPES =
      List.of(DType.FLOAT32.toString(), DType.FLOAT64.toString());

  /**
   * The runs of a command line, in order.
   *
   * @throws RunnerException where there is nothing to run
   */
  static Runs of(Options given) throws RunnerException {
    List<String> asked = benchmarks(given);
    List<String> ofSuites = those(asked, workload -> true);
    List<Options> runs = new ArrayList<>();
    List<String> notOffered = new ArrayList<>();
    for (Contender contender : contenders(given)) {
      for (String dtype : given.getParameter("dtype").orElse(DTYPES)) {
        Set<Workload> workloads = contender.workloads(DType.of(dtype)).keySet();
        List<String> offered = those(ofSuites, workloads::contains);
        List<String> threaded = those(offered, contender::usesThreads);
        List<String> plain = without(offered, threaded);
        if (!threaded.isEmpty()) {
          runs.add(run(only(threaded, asked, given), contender, dtype).build());
        }
        if (!plain.isEmpty()) {
          runs.add(run(only(plain, asked, given), contender, dtype).param("threads", "1").build());
        }
        without(ofSuites, offered)
            .forEach(name -> notOffered.add(contender.name() + " " + dtype + " " + name));
      }
    }
    List<String> withoutContender = without(asked, ofSuites);
    if (!withoutContender.isEmpty()) {
      runs.add(only(withoutContender, asked, given).build());
    }
    if (runs.isEmpty()) {
      throw new RunnerException(
          asked.isEmpty()
              ? "no benchmark is called like " + given.getIncludes() + "; -l lists them"
              : "nobody offers what was asked for: " + notOffered);
    }
    return new Runs(List.copyOf(runs), List.copyOf(notOffered));
  }

  private static List<String> those(List<String> names, Predicate<Workload> predicate) {
    return names.stream()
        .filter(name -> Suite.workload(name).filter(predicate).isPresent())
        .toList();
  }

  private static List<String> without(List<String> names, List<String> others) {
    return names.stream().filter(name -> !others.contains(name)).toList();
  }

  private static ChainedOptionsBuilder run(
      ChainedOptionsBuilder options, Contender contender, String dtype) {
    return options.param("backend", contender.name()).param("dtype", dtype);
  }

  private static List<Contender> contenders(Options given) {
    Collection<String> names = given.getParameter("backend").orElse(List.of());
    return names.isEmpty() ? Contenders.all() : names.stream().map(Contenders::named).toList();
  }

  /** The full names of the benchmarks that the command line's patterns choose. */
  private static List<String> benchmarks(Options given) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return BenchmarkList.defaultList()
        .find(
            OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT),
            given.getIncludes(),
            given.getExcludes())
        .stream()
        .map(BenchmarkListEntry::getUsername)
        .distinct()
        .toList();
  }

  /** JMH adds patterns to those given, so that what is not meant has to be excluded. */
  private static ChainedOptionsBuilder only(
      List<String> chosen, List<String> asked, Options given) {
    ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
    for (String name : asked) {
      if (!chosen.contains(name)) {
        options.exclude("^" + Pattern.quote(name) + "$");
      }
    }
    return options;
  }
}
