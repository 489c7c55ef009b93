package dev.kiln.cli;

import dev.kiln.cli.bench.auto.AutoBench;
import dev.kiln.cli.bench.auto.AutoFigure;
import dev.kiln.cli.bench.workload.Workload;
import dev.kiln.cli.bench.workload.Workloads;
import dev.kiln.schedule.Backends;
import dev.kiln.spi.Availability;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Device;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln bench auto}: the backend auto beside every fixed choice. */
@Command(
    name = "auto",
    description = {
      "Time float32 workloads of several sizes on each backend and device of this machine, and with"
          + " the backend auto, which chooses one for each step by cost.",
      "Figures are microseconds a call when warm; the last is how much longer auto takes than the"
          + " best of the others."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchAutoCommand implements Runnable {
  private static final List<String> WORKLOADS = List.of("triad", "polynomial", "black-scholes");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000,16384,262144,4194304,16777216",
      description = "Elements, with commas between; 1000 to 2^24 if not given.")
  private List<Long> sizes = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0.25",
      description = "Time for each figure; 0.25 if not given.")
  private double seconds;

  /** Picocli makes it. */
  BenchAutoCommand() {}

  @Override
  public void run() {
    BenchOptions.checkSizes(spec, sizes);
    PrintWriter out = spec.commandLine().getOut();
    List<String> names = fixed();
    if (!common.json()) {
      out.println(AutoFigure.head(names));
    }
    double[] worst = {0};
    try (AutoBench bench = new AutoBench(names, common.threads(), seconds);
        Progress progress = Progress.start(spec.commandLine().getErr())) {
      for (String name : WORKLOADS) {
        Workload workload =
            Workloads.find(name).orElseThrow(() -> new AssertionError("no workload " + name));
        progress.at(name);
        bench.measure(
            workload,
            sizes,
            figure -> {
              worst[0] = Math.max(worst[0], figure.ratio());
              progress.clear();
              out.println(common.json() ? figure.json() : figure.row());
              out.flush();
            });
      }
    }
    if (!common.json()) {
      out.printf(Locale.ROOT, "auto is at most %.2f times the best%n", worst[0]);
    }
  }

  /** What may be asked for by name here. */
  private static List<String> fixed() {
    List<String> names = new ArrayList<>();
    for (BackendProvider provider : Backends.providers()) {
      if (provider.availability() instanceof Availability.Ready) {
        List<Device> devices = provider.devices();
        if (devices.isEmpty()) {
          names.add(provider.name());
        }
        devices.forEach(device -> names.add(device.choice()));
      }
    }
    return names;
  }
}
