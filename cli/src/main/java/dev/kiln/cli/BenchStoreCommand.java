package dev.kiln.cli;

import dev.kiln.KilnException;
import dev.kiln.cli.bench.Json;
import dev.kiln.cli.bench.store.StoreBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln bench store}: how fast results are kept and found. */
@Command(
    name = "store",
    description = {
      "Time hashing, memoised functions, dump and load on an array of doubles, in a new folder"
          + " among the system's temporary ones.",
      "A hit is one in the same process; memory-hit-cold opens the store anew. With kiln-unchecked"
          + " checksums are not compared."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchStoreCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      defaultValue = "256",
      description = "The size of the array in MiB; 256 if not given.")
  private int megabytes;

  /** Picocli makes it. */
  BenchStoreCommand() {}

  @Override
  public Integer call() {
    if (megabytes < 1) {
      throw BenchOptions.usage(
          spec, "--megabytes " + megabytes + " makes no sense; give 1 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    try {
      Path folder = Files.createTempDirectory("kiln-bench-store");
      try {
        new StoreBench(folder, megabytes, common.threads(), figure -> print(out, figure)).run();
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new KilnException("no temporary folder to measure in: " + e, e);
    }
    return 0;
  }

  private void print(PrintWriter out, StoreBench.Figure figure) {
    if (common.json()) {
      out.println(
          new Json()
              .with("figure", figure.figure())
              .with("peer", figure.peer())
              .with("value", figure.value())
              .with("unit", figure.unit()));
    } else {
      out.printf(
          Locale.ROOT,
          "%-28s %-22s %12.6g %s%n",
          figure.figure(),
          figure.peer(),
          figure.value(),
          figure.unit());
    }
    out.flush();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
