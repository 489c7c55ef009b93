package dev.kiln.cli;

import dev.kiln.Engine;
import dev.kiln.cli.bench.tasks.TaskBench;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln bench tasks}: what parallel maps and delayed calls cost by themselves. */
@Command(
    name = "tasks",
    description = {
      "Measure what a task costs whose work is nothing, in microseconds:",
      "parallel maps, with tasks handed out in batches and one by one, delayed calls side by side,"
          + " delayed calls one after another, and graphs of up to a million calls."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchTasksCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "Time for each figure; 2 if not given.")
  private double seconds;

  /** Picocli makes it. */
  BenchTasksCommand() {}

  @Override
  public void run() {
    BenchOptions.checkSeconds(spec, seconds);
    PrintWriter out = spec.commandLine().getOut();
    try (Engine engine = Engine.builder().threads(common.threads()).build();
        Progress progress = Progress.start(spec.commandLine().getErr())) {
      progress.at("tasks");
      new TaskBench(engine, seconds)
          .run(
              figure -> {
                progress.clear();
                out.println(common.json() ? figure.json() : figure.line());
                out.flush();
              });
    }
  }
}
