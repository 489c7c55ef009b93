package dev.kiln.cli;

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
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln eval}: computes one expression over arrays in files. */
@Command(
    name = "eval",
    description = "Compute an expression in Python's syntax over arrays in .npy files.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class EvalCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "EXPR",
      description = "What to compute, such as 'sum(x * w, axis=0)'.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String expression;

  @Parameters(
      index = "1..*",
      paramLabel = "NAME=VALUE",
      description = {
        "An input: a .npy file or a number.",
        "Bool and integers of 8 or 16 bits are read as float32, wider integers as float64; see"
            + " --dtype."
      })
  private List<String> inputs = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the result as .npy.")
  private @Nullable Path output;

  @Option(
      names = "--png",
      paramLabel = "FILE",
      description = {
        "Write the result as a picture: a 2-d array grey, its smallest number black and its largest"
            + " white; (height, width, 3 or 4) in colour, from 0 to 255, or to 1 if none is larger."
      })
  private @Nullable Path png;

  @Option(names = "--explain", description = "Print how it is computed.")
  private boolean explain;

  @Option(
      names = "--dot",
      description = "Print the graph in Graphviz's language and compute nothing.")
  private boolean dot;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "What computes: auto (if not given), or a name that kiln devices lists.")
  private String backend = "auto";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; one for each core if not given.")
  private @Nullable Integer threads;

  @Option(
      names = "--relaxed",
      description =
          "Allow cheaper forms of some functions, off by up to four units of the last place.")
  private boolean relaxed;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "The most memory for arrays, such as 500m or 4g.")
  private @Nullable String memory;

  @Option(
      names = "--dtype",
      paramLabel = "NAME",
      description = "Read every array as this dtype, or with 'keep' as it is.")
  private @Nullable String dtype;

  private final Functions functions = new Functions();

  /** Picocli makes it. */
  EvalCommand() {}

  /** What --help says on the language; % is doubled, since picocli formats it. */
  static String[] footer() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "",
                "Expressions:",
                "  numbers, names  1, 2.5, 1e-3, inf, nan, pi, e, True, False, None",
                "  operators       + - * / // %% ** ~ & | ^ << >> == != < <= > >=",
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
    return lines.toArray(String[]::new);
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
    try {
      Expr parsed = Parser.parse(expression);
      List<Input> named = inputs.stream().map(this::input).toList();
      try (Engine engine = engine()) {
        evaluate(engine, parsed, named);
      }
      return 0;
    } catch (ExpressionException e) {
      throw new WrongExpression(e, expression);
    }
  }

  private void evaluate(Engine engine, Expr parsed, List<Input> named) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Value> values = new HashMap<>();
    List<String> summary = new ArrayList<>();
    for (Input input : named) {
      Input.Read read = input.read(engine, reading());
      if (values.put(input.name(), read.value()) != null) {
        throw usage("the name " + input.name() + " is given twice");
      }
      summary.add(read.summary());
    }
    NDArray result = array(engine, new Evaluator(engine, functions, values).evaluate(parsed));
    if (dot) {
      out.println(engine.dot(List.of(result)));
      return;
    }
    summary.forEach(out::println);
    if (explain) {
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
    write(engine, computed, elements, range, out);
  }

  private void write(
      Engine engine, NDArray computed, Elements elements, Range range, PrintWriter out) {
    if (output != null) {
      engine.save(output, computed);
      out.println("wrote " + output);
    }
    if (png != null) {
      Picture.write(png, elements, range);
      out.println("wrote " + png);
    }
    if (output == null && png == null) {
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
    Engine.Builder builder = Engine.builder().backend(backend);
    if (threads != null) {
      builder.threads(threads);
    }
    if (memory != null) {
      builder.memoryLimit(bytes(memory));
    }
    if (relaxed) {
      builder.relaxed();
    }
    return builder.build();
  }

  private Input.Reading reading() {
    if (dtype == null) {
      return new Input.Reading.Floating();
    }
    return dtype.equals("keep") ? new Input.Reading.Keep() : new Input.Reading.As(DType.of(dtype));
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
    return new Input(name, argument.substring(equals + 1));
  }

  private long bytes(String size) {
    int unit =
        size.isEmpty() ? -1 : "kmgt".indexOf(Character.toLowerCase(size.charAt(size.length() - 1)));
    String digits = unit < 0 ? size : size.substring(0, size.length() - 1);
    try {
      long bytes = Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1)));
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw usage(
          "--memory '" + size + "' is no size; write a whole number with k, m, g or t, such as 4g",
          e);
    }
    throw usage("--memory '" + size + "' is no size; it must be at least 1");
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  private CommandLine.ParameterException usage(String message, Exception cause) {
    return new CommandLine.ParameterException(spec.commandLine(), message, cause);
  }

  private static String duration(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.3g ms", seconds * 1e3)
        : String.format(Locale.ROOT, "%.3g s", seconds);
  }
}
