package dev.kiln.cli;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.cli.bench.blocks.BlocksBench;
import dev.kiln.cli.bench.blocks.Work;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln bench blocks}: files larger than memory. */
@Command(
    name = "blocks",
    description = {
      "Work through a .npy file that may be larger than the engine's memory, block by block.",
      "Its float32 numbers are made by a function a block and written first. Figures are gigabytes"
          + " of that file a second, and the most memory that arrays took."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchBlocksCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      paramLabel = "WORK",
      arity = "0..*",
      description = "What to do: ${COMPLETION-CANDIDATES}; all if none is given.")
  private List<Work> works = List.of();

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      defaultValue = "1g",
      description = "The size of the file, such as 20g; 1g if not given.")
  private String bytes = "1g";

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "The most memory for arrays; 256m if not given.")
  private String memory = "256m";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The file, made where it is missing and kept; a temporary one if not given.")
  private @Nullable Path file;

  /** Picocli makes it. */
  BenchBlocksCommand() {}

  @Override
  public Integer call() {
    long size = Sizes.parse("--bytes", bytes);
    long limit = EngineWords.memory(memory);
    Path kept = file;
    if (kept != null) {
      run(kept, size, limit);
      return 0;
    }
    try {
      Path folder = Files.createTempDirectory("kiln-bench-blocks");
      Path temporary = folder.resolve("x.npy");
      try {
        run(temporary, size, limit);
      } finally {
        Files.deleteIfExists(temporary);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new KilnException("no temporary file to measure with: " + e, e);
    }
    return 0;
  }

  private void run(Path path, long size, long limit) {
    PrintWriter out = spec.commandLine().getOut();
    try (Engine engine = Engine.builder().threads(common.threads()).memoryLimit(limit).build();
        Progress progress = Progress.start(spec.commandLine().getErr())) {
      BlocksBench bench =
          new BlocksBench(
              engine,
              figure -> {
                progress.clear();
                out.println(common.json() ? figure.json() : figure.line());
                out.flush();
              },
              (what, done, of) -> progress.at(what + ", blocks", done, of));
      if (!Files.exists(path)) {
        bench.write(path, size);
      }
      bench.run(path, works.isEmpty() ? List.of(Work.values()) : works);
    }
  }
}
