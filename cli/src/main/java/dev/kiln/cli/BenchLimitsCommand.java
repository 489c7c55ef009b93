package dev.kiln.cli;

import dev.kiln.cli.bench.Limits;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kiln bench limits}: what the machine can do at all. */
@Command(
    name = "limits",
    description = {
      "Measure what this machine can do at all, by loops of Java's Vector API:",
      "memory bandwidth over 16 Mi floats, each array counted once (copy, triad z = 2.5 x + y,"
          + " read), and independent multiply-adds in registers (fma32, fma64)."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchLimitsCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();

  /** Picocli makes it. */
  BenchLimitsCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Limits limits;
    try (Progress progress = Progress.start(spec.commandLine().getErr())) {
      progress.at("limits");
      limits = Limits.measure(common.threads());
    }
    for (Limits.Ceiling ceiling : limits.ceilings()) {
      if (common.json()) {
        out.println(ceiling.json(limits.threads()));
      } else {
        out.printf(Locale.ROOT, "%-6s %8.1f %s%n", ceiling.name(), ceiling.value(), ceiling.unit());
      }
    }
  }
}
