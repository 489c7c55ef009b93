package dev.kiln.jmh;

import dev.kiln.DType;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What is to be run, of what was asked for: for each contender and dtype what it offers. */
final class Runs {
  private static final List<String> DTYPES =
      List.of(DType.FLOAT32.toString(), DType.FLOAT64.toString());

  private Runs() {}

  /**
   * The runs of a command line, in order.
   *
   * @throws NoBenchmarksException where there is nothing to run
   */
  static List<Options> of(Options given) throws NoBenchmarksException {
    List<String> asked = benchmarks(given);
    List<Options> runs = new ArrayList<>();
    for (Contender contender : contenders(given)) {
      for (String dtype : given.getParameter("dtype").orElse(DTYPES)) {
        Map<Workload, ?> offered = contender.workloads(DType.of(dtype));
        List<String> chosen =
            asked.stream()
                .filter(name -> Suite.workload(name).filter(offered::containsKey).isPresent())
                .toList();
        if (!chosen.isEmpty()) {
          ChainedOptionsBuilder run =
              only(chosen, asked, given).param("backend", contender.name()).param("dtype", dtype);
          runs.add(contender.usesThreads() ? run.build() : run.param("threads", "1").build());
        }
      }
    }
    List<String> withoutContender =
        asked.stream().filter(name -> Suite.workload(name).isEmpty()).toList();
    if (!withoutContender.isEmpty()) {
      runs.add(only(withoutContender, asked, given).build());
    }
    if (runs.isEmpty()) {
      throw new NoBenchmarksException();
    }
    return runs;
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
