package dev.kiln.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.cli.expression.Evaluator;
import dev.kiln.cli.expression.Expr;
import dev.kiln.cli.expression.ExpressionException;
import dev.kiln.cli.expression.Functions;
import dev.kiln.cli.expression.Parser;
import dev.kiln.cli.expression.Value;
import dev.kiln.io.ArrayText;
import dev.kiln.store.Store;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code kiln eval}: computes one expression over arrays in files.
 *
 * <p>Its options are built by hand: reading annotations takes picocli as long as the JVM its start.
 */
final class EvalCommand implements Callable<Integer> {
  private final PositionalParamSpec expression =
      PositionalParamSpec.builder()
          .index("0")
          .required(true)
          .paramLabel("EXPR")
          .type(String.class)
          .description("What to compute, such as 'sum(x * w, axis=0)'.")
          .build();

  private final PositionalParamSpec inputs =
      PositionalParamSpec.builder()
          .index("1..*")
          .arity("0..*")
          .paramLabel("NAME=VALUE")
          .type(List.class)
          .auxiliaryTypes(String.class)
          .description(
              "An input: a .npy file or a number.",
              "Bool and integers of 8 or 16 bits are read as float32, wider integers as float64;"
                  + " see --dtype.")
          .build();

  private final OptionSpec output =
      Options.of(Path.class, "FILE", "-o", "--output")
          .description("Write the result as .npy.")
          .build();

  private final OptionSpec png =
      Options.of(Path.class, "FILE", "--png")
          .description(
              "Write the result as a picture: a 2-d array grey, its smallest number black and its"
                  + " largest white; (height, width, 3 or 4) in colour, from 0 to 255, or to 1 if"
                  + " none is larger.")
          .build();

  private final OptionSpec explain =
      Options.flag("--explain").description("Print how it is computed.").build();

  private final OptionSpec dot =
      Options.flag("--dot")
          .description("Print the graph in Graphviz's language and compute nothing.")
          .build();

  private final OptionSpec backend =
      Options.of(String.class, "NAME", "--backend")
          .defaultValue("auto")
          .description(
              "What computes: auto (if not given), or what kiln devices lists, such as opencl:0.")
          .build();

  private final OptionSpec threads =
      Options.of(Integer.class, "N", "--threads")
          .description("Threads that compute; one for each core if not given.")
          .build();

  private final OptionSpec memory =
      Options.of(String.class, "SIZE", "--memory")
          .description("The most memory for arrays, such as 500m or 4g.")
          .build();

  private final OptionSpec relaxed =
      Options.flag("--relaxed")
          .description(
              "Allow cheaper forms of some functions, off by up to four units of the last place.")
          .build();

  private final OptionSpec dtype =
      Options.of(String.class, "NAME", "--dtype")
          .description("Read every array as this dtype, or with 'keep' as it is.")
          .build();

  private final CacheTally tally = new CacheTally();
  private final OptionSpec cache =
      Options.of(Path.class, "DIR", "--cache")
          .description(
              "Keep the result in this folder, and take it from there the next time; see kiln"
                  + " cache.")
          .build();

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Functions functions = new Functions();

  private EvalCommand() {
    spec.name("eval").versionProvider(new Main.Version());
    spec.usageMessage()
        .description("Compute an expression in Python's syntax over arrays in .npy files.");
    spec.addPositional(expression).addPositional(inputs);
    List.of(output, png, explain, dot, backend, threads, relaxed, memory, dtype, cache)
        .forEach(spec::addOption);
    Options.addStandard(spec);
  }

  /** The command, ready to be added. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new EvalCommand().spec);
    line.getHelpSectionMap().put(SECTION_KEY_FOOTER, EvalCommand::footer);
    return line;
  }

  /** What --help says on the language, below its options. */
  private static String footer(CommandLine.Help help) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "",
                "Expressions:",
                "  numbers, names  1, 2.5, 1e-3, inf, nan, pi, e, True, False, None",
                "  operators       + - * / // % ** ~ & | ^ << >> == != < <= > >=",
                "  parts           x[1:-1, ::2], x[..., None], x[-1], x.T",
                "  calls           f(x, axis=0, keepdims=True), x.f(axis=(0, 1))",
                "One that begins with a minus sign goes in parentheses: '(-x)'.",
                "",
                "Functions:"));
    StringBuilder line = new StringBuilder(" ");
    for (String name : new Functions().names()) {
      if (line.length() + 1 + name.length() > 78) {
        lines.add(line.toString());
        line = new StringBuilder(" ");
      }
      line.append(' ').append(name);
    }
    lines.add(line.toString());
    lines.addAll(
        List.of(
            "",
            "Examples:",
            "  kiln eval 'sqrt(x ** 2 + y ** 2)' x=x.npy y=y.npy -o length.npy",
            "  kiln eval '(x - mean(x, axis=0)) / std(x, axis=0)' x=table.npy",
            "  kiln eval 'where(x > k, x, 0)' x=photo.npy k=128 --png bright.png"));
    String end = System.lineSeparator();
    return String.join(end, lines) + end;
  }

  /** An expression's error, shown in it. */
  static final class WrongExpression extends KilnException {
    private static final long serialVersionUID = 1L;

    private final boolean syntax;

    private WrongExpression(ExpressionException e, String expression) {
      super(e.show(expression), e);
      syntax = e.isSyntax();
    }

    boolean isSyntax() {
      return syntax;
    }
  }

  @Override
  public Integer call() {
    String text = expression.getValue();
    List<String> arguments = Objects.requireNonNullElse(inputs.getValue(), List.of());
    try {
      Expr parsed = Parser.parse(text);
      List<Input> named = arguments.stream().map(this::input).toList();
      Input.Reading reading = reading();
      checkOutputs();
      try (Engine engine = engine()) {
        evaluate(engine, parsed, named, reading);
      }
      return 0;
    } catch (ExpressionException e) {
      throw new WrongExpression(e, text);
    }
  }

  private void evaluate(Engine engine, Expr parsed, List<Input> named, Input.Reading reading) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Value> values = new HashMap<>();
    List<String> summary = new ArrayList<>();
    for (Input input : named) {
      Input.Read read = input.read(engine, reading);
      if (values.put(input.name(), read.value()) != null) {
        throw usage("the name " + input.name() + " is given twice");
      }
      summary.add(read.summary());
    }
    NDArray result = array(engine, new Evaluator(engine, functions, values).evaluate(parsed));
    if (dot.<Boolean>getValue()) {
      out.println(engine.dot(List.of(result)));
      return;
    }
    summary.forEach(out::println);
    if (explain.<Boolean>getValue()) {
      out.println(engine.explain(List.of(result)));
    }
    long start = System.nanoTime();
    NDArray computed;
    try (Progress _ = Progress.start(spec.commandLine().getErr())) {
      computed = engine.compute(List.of(result)).getFirst();
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    Elements elements = Elements.of(computed);
    Range range = Range.of(elements);
    out.println("result: " + computed.dtype() + " " + computed.shape() + range.describe(elements));
    out.println(
        String.format(
            Locale.ROOT,
            "time: %s on %s, %d thread%s",
            duration(seconds),
            engine.backendName(),
            engine.threads(),
            engine.threads() == 1 ? "" : "s"));
    if (cache.getValue() != null) {
      out.println("cache: " + tally.text());
    }
    write(engine, computed, elements, range, out);
  }

  private void checkOutputs() {
    @Nullable Path file = output.getValue();
    @Nullable Path picture = png.getValue();
    if (file != null && picture != null && SameFile.is(file, picture)) {
      throw usage(
          "-o " + file + " and --png " + picture + " are one file; give the picture another name");
    }
  }

  private void write(
      Engine engine, NDArray computed, Elements elements, Range range, PrintWriter out) {
    @Nullable Path file = output.getValue();
    @Nullable Path picture = png.getValue();
    if (file != null) {
      try (Progress progress = Progress.start(spec.commandLine().getErr())) {
        progress.at("writing " + file);
        engine.save(
            file, computed, (written, total) -> progress.at("writing " + file, written, total));
      }
      out.println("wrote " + file);
    }
    if (picture != null) {
      Picture.write(picture, elements, range);
      out.println("wrote " + picture);
    }
    if (file == null && picture == null) {
      out.println(ArrayText.of(computed.dtype(), computed.shape(), computed.data()));
    }
  }

  private static NDArray array(Engine engine, Value value) {
    return switch (value) {
      case Value.Array(NDArray array) -> array;
      case Value.Int(long x) -> engine.scalar(x);
      case Value.Real(double x) -> engine.scalar(x);
      case Value.Bool(boolean x) -> engine.scalar(x);
      case Value.Text _, Value.Tuple _, Value.Singleton _ ->
          throw new KilnException(
              "the result is "
                  + value.describe()
                  + ", no array; for several arrays of one shape use stack([x, y])");
    };
  }

  private Engine engine() {
    Engine.Builder builder =
        Engine.builder().backend(EngineWords.backend(backend.<String>getValue()));
    @Nullable Integer count = threads.getValue();
    if (count != null) {
      builder.threads(EngineWords.threads(count));
    }
    @Nullable String limit = memory.getValue();
    if (limit != null) {
      builder.memoryLimit(EngineWords.memory(limit));
    }
    if (relaxed.<Boolean>getValue()) {
      builder.relaxed();
    }
    @Nullable Path folder = cache.getValue();
    if (folder != null) {
      builder.store(Store.builder(folder).listener(tally).build());
    }
    return builder.build();
  }

  private Input.Reading reading() {
    @Nullable String name = dtype.getValue();
    if (name == null) {
      return new Input.Reading.Floating();
    }
    return name.equals("keep") ? new Input.Reading.Keep() : new Input.Reading.As(dtype(name));
  }

  private static DType dtype(String name) {
    try {
      return DType.of(name);
    } catch (KilnException e) {
      throw new UsageException("--dtype: " + e.getMessage() + ", or keep", e);
    }
  }

  private Input input(String argument) {
    int equals = argument.indexOf('=');
    if (equals < 0) {
      throw usage("'" + argument + "' is no input; give it as name=" + argument);
    }
    String name = argument.substring(0, equals);
    if (!Parser.isName(name)) {
      throw usage(
          "'"
              + name
              + "' in '"
              + argument
              + "' cannot be a name; use letters, digits and _, such as x=file.npy");
    }
    return Input.of(name, argument.substring(equals + 1));
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  private static String duration(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.3g ms", seconds * 1e3)
        : String.format(Locale.ROOT, "%.3g s", seconds);
  }
}
