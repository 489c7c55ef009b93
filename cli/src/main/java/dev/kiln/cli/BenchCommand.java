package dev.kiln.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kiln bench}: how fast Kiln is here. */
@Command(
    name = "bench",
    description = "Measure how fast Kiln is on this machine.",
    subcommands = {BenchFunctionsCommand.class, BenchLimitsCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** Picocli makes it. */
  BenchCommand() {}

  @Override
  public void run() {
    throw BenchOptions.usage(spec, "say what to measure: functions or limits");
  }
}
