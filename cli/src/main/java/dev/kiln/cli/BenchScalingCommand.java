package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.cli.bench.scaling.LengthFigure;
import dev.kiln.cli.bench.scaling.ScalingBench;
import dev.kiln.cli.bench.scaling.SizeFigure;
import dev.kiln.cli.bench.workload.Workload;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln bench scaling}: how time grows with elements, and with operations. */
@Command(
    name = "scaling",
    description = {
      "Time workloads of ten elements to a hundred million, on one thread and on all, and"
          + " expressions of ten operations to two thousand.",
      "A call builds its expression anew and computes it; figures are medians of warm calls."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchScalingCommand implements Runnable {
  private static final int LONGEST = 100_000;
  private static final List<String> USUAL =
      List.of("triad", "black-scholes", "sum", "softmax-rows", "cumsum", "sort");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description =
          "What to measure; triad, black-scholes, sum, softmax-rows, cumsum and sort if none is"
              + " given.")
  private List<String> names = List.of();

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();
  @Mixin private BenchOptions.Computing computing = new BenchOptions.Computing();

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      defaultValue = "10,100,1000,10000,100000,1000000,10000000,100000000",
      description = "Elements, with commas between; 10 to 10^8 if not given.")
  private List<Long> sizes = List.of();

  @Option(
      names = "--operations",
      paramLabel = "K",
      split = ",",
      defaultValue = "10,50,200,2000",
      description = "Operations, even numbers with commas between; 10,50,200,2000 if not given.")
  private List<Integer> operations = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0.2",
      description = "Time for each figure; 0.2 if not given.")
  private double seconds;

  /** Picocli makes it. */
  BenchScalingCommand() {}

  @Override
  public void run() {
    check();
    List<Workload> workloads =
        (names.isEmpty() ? USUAL : names)
            .stream().map(name -> BenchOptions.workload(spec, name)).toList();
    List<DType> dtypes = computing.dtypes(spec);
    int all = common.threads();
    List<Integer> threads = all == 1 ? List.of(1) : List.of(1, all);
    PrintWriter out = spec.commandLine().getOut();
    try (ScalingBench bench = new ScalingBench(computing.backend(), threads, seconds);
        Progress progress = Progress.start(spec.commandLine().getErr())) {
      say(out, SizeFigure.head(threads));
      for (Workload workload : workloads) {
        for (DType dtype : dtypes) {
          progress.at(workload.name() + " " + dtype);
          bench.sizes(
              workload, dtype, sizes, figure -> show(progress, out, figure.row(), figure.json()));
        }
      }
      say(out, "");
      say(out, LengthFigure.head());
      for (DType dtype : dtypes) {
        progress.at("operations " + dtype);
        bench.lengths(
            dtype, operations, figure -> show(progress, out, figure.row(), figure.json()));
      }
    }
  }

  private void check() {
    BenchOptions.checkSizes(spec, sizes);
    for (int count : operations) {
      if (count < 2 || count > LONGEST || count % 2 != 0) {
        throw BenchOptions.usage(
            spec,
            "--operations " + count + " makes no sense; each must be even, and 2 to " + LONGEST);
      }
    }
    BenchOptions.checkSeconds(spec, seconds);
  }

  /** For people alone. */
  private void say(PrintWriter out, String line) {
    if (!common.json()) {
      out.println(line);
      out.flush();
    }
  }

  private void show(Progress progress, PrintWriter out, String row, String json) {
    progress.clear();
    out.println(common.json() ? json : row);
    out.flush();
  }
}
