package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.cli.bench.workload.Workload;
import dev.kiln.cli.bench.workload.Workloads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options that several of the bench commands take. */
final class BenchOptions {
  private BenchOptions() {}

  /** A mistake on the command line. */
  static CommandLine.ParameterException usage(CommandSpec spec, String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  /** A workload by its name. */
  static Workload workload(CommandSpec spec, String name) {
    return Workloads.find(name)
        .orElseThrow(
            () ->
                usage(
                    spec,
                    "unknown workload '"
                        + name
                        + "'; expected one of "
                        + String.join(", ", Workloads.names())));
  }

  /** Numbers of elements that make sense. */
  static void checkSizes(CommandSpec spec, List<Long> sizes) {
    for (long size : sizes) {
      if (size < 1 || size > 1 << 28) {
        throw usage(spec, "--sizes " + size + " makes no sense; each must be between 1 and 2^28");
      }
    }
  }

  /** A time for each figure that makes sense. */
  static void checkSeconds(CommandSpec spec, double seconds) {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw usage(
          spec, "--seconds " + seconds + " makes no sense; it must be above 0, and 3600 at most");
    }
  }

  /** How many threads work, and in what form the figures are printed. */
  static final class Common {
    @Option(
        names = "--threads",
        paramLabel = "N",
        description = "Threads that work; one for each core if not given.")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    /** Picocli makes it. */
    Common() {}

    int threads() {
      return threads(Runtime.getRuntime().availableProcessors());
    }

    int threads(int otherwise) {
      return threads == null ? otherwise : EngineWords.threads(threads);
    }

    boolean json() {
      return json;
    }
  }

  /** What is computed with. */
  static final class Computing {
    @Option(
        names = "--backend",
        paramLabel = "NAME",
        defaultValue = "auto",
        description =
            "What computes: auto (if not given), or what kiln devices lists, such as opencl:0.")
    private String backend = "auto";

    @Option(
        names = "--dtype",
        paramLabel = "NAME",
        split = ",",
        defaultValue = "float32,float64",
        description = "float32, float64, or both with a comma between (if not given).")
    private List<String> dtypes = List.of();

    /** Picocli makes it. */
    Computing() {}

    String backend() {
      return EngineWords.backend(backend);
    }

    List<DType> dtypes(CommandSpec spec) {
      List<DType> found = new ArrayList<>();
      for (String name : dtypes) {
        DType dtype = dtype(spec, name);
        if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64) {
          throw usage(spec, "--dtype " + name + " is not measured; expected float32 or float64");
        }
        found.add(dtype);
      }
      return found;
    }

    private static DType dtype(CommandSpec spec, String name) {
      try {
        return DType.of(name);
      } catch (KilnException e) {
        throw usage(spec, "--dtype '" + name + "' is no dtype; expected float32 or float64");
      }
    }
  }
}
