package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.cli.bench.functions.Figure;
import dev.kiln.cli.bench.functions.FigureTable;
import dev.kiln.cli.bench.functions.FunctionBench;
import dev.kiln.cli.bench.functions.Python;
import dev.kiln.cli.bench.functions.Subject;
import dev.kiln.cli.bench.functions.Together;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln bench functions}: elementary functions beside their like. */
@Command(
    name = "functions",
    description = {
      "Time Kiln's elementary functions in alternation with the JVM's vector maths (svml: the"
          + " Vector API's operators), java.lang.Math in a plain loop, and with --python NumPy and"
          + " JAX.",
      "A time is that of one more element: the difference between a call on all elements and one on"
          + " 1024, over the elements between. What a call costs besides is printed beside it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class BenchFunctionsCommand implements Callable<Integer> {
  private static final String SCRIPT = "tools/bench-functions.py";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Functions to time; all if none is given.")
  private List<String> names = List.of();

  @Mixin private BenchOptions.Common common = new BenchOptions.Common();
  @Mixin private BenchOptions.Computing computing = new BenchOptions.Computing();

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "32768",
      description = "Elements, a multiple of 1024; 32768 if not given, which stay in cache.")
  private int size;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "25",
      description = "Rounds, whose median counts; 25 if not given.")
  private int rounds;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description = "A Python interpreter with numpy, and jax if it is to be compared.")
  private @Nullable Path python;

  @Option(
      names = "--together",
      description =
          "Time one expression of eight functions instead, beside the sum of the eight alone.")
  private boolean together;

  @Option(
      names = "--relaxed",
      description =
          "Time the cheaper forms that relaxed engines use, of the functions that have one.")
  private boolean relaxed;

  private BenchFunctionsCommand() {}

  /** The command, ready to be added. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new BenchFunctionsCommand());
    line.getCommandSpec().usageMessage().footer(footer());
    return line;
  }

  /** What --help says on the arguments. */
  private static String[] footer() {
    List<String> lines = new ArrayList<>(List.of("", "Functions, and where their arguments lie:"));
    for (Subject subject : Subject.all()) {
      String second = subject.function().arity() == 2 ? ", " + subject.y() : "";
      lines.add("  %-12s %s%s".formatted(subject.name(), subject.x(), second));
    }
    return lines.toArray(String[]::new);
  }

  @Override
  public Integer call() {
    if (rounds < 1) {
      throw BenchOptions.usage(
          spec, "--rounds " + rounds + " makes no sense; it must be 1 or more");
    }
    List<DType> dtypes = computing.dtypes(spec);
    List<Subject> subjects = subjects();
    FunctionBench.Sizes sizes = sizes();
    // On one thread, unless more are asked for: functions are computed by cores, not by machines.
    int threads = common.threads(1);
    Supplier<Engine> engines = engines(computing.backend(), threads);
    if (together) {
      dtypes.forEach(dtype -> together(engines, dtype));
      return 0;
    }
    try (Progress progress = Progress.start(spec.commandLine().getErr())) {
      Optional<Python> peers = python(threads);
      try {
        measure(new FunctionBench(engines, sizes, rounds, peers), subjects, dtypes, progress);
      } finally {
        peers.ifPresent(Python::close);
      }
    }
    return 0;
  }

  private FunctionBench.Sizes sizes() {
    try {
      return FunctionBench.Sizes.of(size);
    } catch (KilnException e) {
      throw new UsageException("--size: " + e.getMessage(), e);
    }
  }

  private void measure(
      FunctionBench bench, List<Subject> subjects, List<DType> dtypes, Progress progress) {
    PrintWriter out = spec.commandLine().getOut();
    List<Figure> figures = new ArrayList<>();
    FigureTable table = new FigureTable(python != null);
    if (!common.json()) {
      out.println(table.head());
    }
    for (DType dtype : dtypes) {
      for (Subject subject : subjects) {
        progress.at(
            subject.name() + " " + dtype, figures.size(), (long) subjects.size() * dtypes.size());
        Figure figure = bench.measure(subject, dtype);
        figures.add(figure);
        progress.clear();
        out.println(common.json() ? figure.json() : table.row(figure));
      }
    }
    if (!common.json()) {
      out.println(FigureTable.foot(figures));
    }
  }

  private Supplier<Engine> engines(String backend, int threads) {
    return () -> {
      Engine.Builder builder = Engine.builder().backend(backend).threads(threads);
      return (relaxed ? builder.relaxed() : builder).build();
    };
  }

  private void together(Supplier<Engine> engines, DType dtype) {
    Together result = Together.measure(engines, size, dtype);
    spec.commandLine().getOut().println(common.json() ? result.json() : result.describe());
  }

  private List<Subject> subjects() {
    List<Subject> all =
        Subject.all().stream().filter(subject -> !relaxed || subject.canRelax()).toList();
    if (names.isEmpty()) {
      return all;
    }
    return names.stream().map(name -> subject(all, name)).toList();
  }

  private Subject subject(List<Subject> all, String name) {
    return all.stream()
        .filter(subject -> subject.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                BenchOptions.usage(
                    spec,
                    (relaxed ? "no function with a relaxed form: '" : "unknown function '")
                        + name
                        + "'; expected one of "
                        + all.stream().map(Subject::name).collect(Collectors.joining(", "))));
  }

  private Optional<Python> python(int threads) {
    return Optional.ofNullable(python).map(file -> Python.start(file, script(), threads));
  }

  /** The script, in the source tree that this program was built in. */
  private static Path script() {
    Path program;
    try {
      program =
          Path.of(
              BenchFunctionsCommand.class
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError("where this program lies", e);
    }
    for (Path folder = program; folder != null; folder = folder.getParent()) {
      Path script = folder.resolve(SCRIPT);
      if (Files.isRegularFile(script)) {
        return script;
      }
    }
    throw new KilnException(
        SCRIPT + " is in no folder above " + program + "; run kiln from its source tree");
  }
}
