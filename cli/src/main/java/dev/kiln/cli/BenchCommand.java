package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.cli.bench.Benchmark;
import dev.kiln.cli.bench.Limits;
import dev.kiln.cli.bench.Result;
import dev.kiln.cli.bench.ResultTable;
import dev.kiln.cli.bench.Row;
import dev.kiln.cli.bench.report.Report;
import dev.kiln.cli.bench.workload.Workload;
import dev.kiln.cli.bench.workload.Workloads;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln bench}: how fast Kiln is here. */
@Command(
    name = "bench",
    description = {
      "Measure how fast Kiln is on this machine.",
      "Each workload is checked against plain Java and the interpreter; a wrong answer has no time."
          + " Times are those of the first call in a new engine and of many later ones."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "What to measure; every workload if none is given.")
  private List<String> names = List.of();

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();
  @Mixin private BenchOptions.Computing computing = new BenchOptions.Computing();

  @Option(
      names = "--scale",
      paramLabel = "F",
      defaultValue = "1",
      description = "Multiplies every workload's number of elements; 1 if not given.")
  private double scale;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "Time in the steady state for each row; 2 if not given.")
  private double seconds;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write a page with a roofline, bar charts, the table and the figures as JSON.")
  private @Nullable Path report;

  private BenchCommand() {}

  /** The command, ready to be added. */
  static CommandLine commandLine() {
    CommandLine line =
        new CommandLine(new BenchCommand())
            .addSubcommand(BenchFunctionsCommand.commandLine())
            .addSubcommand(new BenchStoreCommand())
            .addSubcommand(new BenchLimitsCommand())
            .addSubcommand(new BenchAutoCommand())
            .addSubcommand(new BenchScalingCommand())
            .addSubcommand(new BenchTasksCommand())
            .addSubcommand(new BenchBlocksCommand());
    line.getCommandSpec().usageMessage().footer(footer());
    return line;
  }

  /** What --help says on the workloads. */
  private static String[] footer() {
    List<String> lines = new ArrayList<>(List.of("", "Workloads, and their elements at scale 1:"));
    for (Workload workload : Workloads.all()) {
      lines.add(
          "  %-20s %8d  %s"
              .formatted(workload.name(), workload.elements(), workload.description()));
    }
    return lines.toArray(String[]::new);
  }

  @Override
  public Integer call() {
    List<Workload> workloads = workloads();
    List<DType> dtypes = computing.dtypes(spec);
    if (!(scale > 0) || !(seconds > 0) || Double.isInfinite(scale * seconds)) {
      throw BenchOptions.usage(
          spec, "--scale " + scale + " --seconds " + seconds + ": both must be above 0");
    }
    Benchmark bench = new Benchmark(computing.backend(), common.threads(), scale, seconds);
    List<Result> results;
    // Who asks for JSON alone has no use for the ceilings, which take a while.
    boolean placed = report != null || !common.json();
    try (Progress progress = Progress.start(spec.commandLine().getErr())) {
      progress.at("limits");
      Optional<Limits> limits =
          placed ? Optional.of(Limits.measure(bench.threads())) : Optional.empty();
      progress.clear();
      results = measure(bench, workloads, dtypes, limits, progress);
      if (report != null) {
        progress.at("report");
        Report.write(report, limits.orElseThrow(), results);
      }
    }
    if (report != null && !common.json()) {
      spec.commandLine().getOut().println("wrote " + report.resolve(Report.PAGE));
    }
    boolean wrong = results.stream().anyMatch(result -> isWrong(result.row()));
    return wrong ? Main.FAILED : 0;
  }

  private List<Result> measure(
      Benchmark bench,
      List<Workload> workloads,
      List<DType> dtypes,
      Optional<Limits> limits,
      Progress progress) {
    PrintWriter out = spec.commandLine().getOut();
    if (!common.json()) {
      out.println(ResultTable.head());
    }
    List<Result> results = new ArrayList<>();
    for (Workload workload : workloads) {
      for (DType dtype : dtypes) {
        progress.at(
            workload.name() + " " + dtype, results.size(), (long) workloads.size() * dtypes.size());
        Row row = bench.measure(workload, dtype);
        Result result =
            limits
                .map(ceilings -> Result.of(row, workload, ceilings))
                .orElse(new Result(row, Optional.empty()));
        results.add(result);
        progress.clear();
        out.println(common.json() ? row.json() : ResultTable.row(result));
        tell(row);
      }
    }
    return results;
  }

  /** What the row's form has no place for. */
  private void tell(Row row) {
    PrintWriter err = spec.commandLine().getErr();
    String name = "kiln bench: " + row.workload() + " " + row.dtype() + ": ";
    switch (row.outcome()) {
      case Row.Outcome.Wrong(String why) -> err.println(name + why);
      case Row.Outcome.Right right -> {
        if (!right.hot()) {
          err.println(name + "scalar code; the JVM did not compile the vector code in time");
        }
      }
    }
  }

  private static boolean isWrong(Row row) {
    return row.outcome() instanceof Row.Outcome.Wrong;
  }

  private List<Workload> workloads() {
    return names.isEmpty()
        ? Workloads.all()
        : names.stream().map(name -> BenchOptions.workload(spec, name)).toList();
  }
}
