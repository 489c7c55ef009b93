package dev.kiln.cli;

import dev.kiln.KilnException;
import dev.kiln.cli.expression.ExpressionException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/**
 * The command line: parses arguments, runs a subcommand, and turns every failure into a message and
 * an exit code.
 */
public final class Main {
  /** The data, a file, or the machine is at fault. */
  static final int FAILED = 1;

  /** The command line or the expression is wrong. */
  static final int USAGE = 2;

  /** Kiln is at fault. */
  static final int FAULT = 70;

  private final OptionSpec debug =
      Options.flag("--debug")
          .scopeType(ScopeType.INHERIT)
          .description("Show the stack trace of an error.")
          .build();

  /** Each made only where it is asked for: making one takes as long as a small computation. */
  private static final SequencedMap<String, Supplier<CommandLine>> COMMANDS = commands();

  private static SequencedMap<String, Supplier<CommandLine>> commands() {
    SequencedMap<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
    commands.put("eval", EvalCommand::commandLine);
    commands.put("bench", BenchCommand::commandLine);
    commands.put("cache", CacheCommand::commandLine);
    commands.put("devices", () -> new CommandLine(new DevicesCommand()));
    commands.put("doctor", () -> new CommandLine(new DoctorCommand()));
    return Collections.unmodifiableSequencedMap(commands);
  }

  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    // Pictures are only ever written to files.
    System.setProperty("java.awt.headless", "true");
    System.exit(run(writer(System.out), writer(System.err), args));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /** Runs the command and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine command = new CommandLine(main.spec());
    boolean isNamed = args.length > 0 && COMMANDS.containsKey(args[0]);
    COMMANDS.forEach(
        (name, maker) -> {
          if (!isNamed || name.equals(args[0])) {
            command.addSubcommand(name, maker.get());
          }
        });
    command
        .setOut(out)
        .setErr(err)
        .setExpandAtFiles(false)
        .registerConverter(Path.class, PathText::of)
        // --backend auto, though bench has a command of that name.
        .setAllowSubcommandsAsOptionParameters(true)
        .setParameterExceptionHandler(Main::usage)
        .setExecutionExceptionHandler((failure, failed, _) -> main.failed(failure, failed));
    try {
      return command.execute(args);
    } catch (Error e) {
      return main.fault(e, "kiln", err);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("kiln").addOption(debug);
    Options.addStandard(spec);
    spec.versionProvider(new Version());
    spec.usageMessage()
        .description("Array maths, compiled as it runs.")
        .synopsisSubcommandLabel("COMMAND")
        .footer(
            "",
            "Exit codes: 0 done, 1 the data or the machine, 2 the command line, 70 a fault of"
                + " Kiln.",
            "",
            "Examples:",
            "  kiln eval 'sin(x) ** 2' x=ecg.npy -o out.npy",
            "  kiln eval 'mean(x, axis=0)' x=ascent.npy",
            "  kiln bench triad",
            "  kiln devices");
    return spec;
  }

  private static int usage(CommandLine.ParameterException failure, String[] args) {
    return usage(failure.getMessage(), failure.getCommandLine(), args);
  }

  private static int usage(@Nullable String message, CommandLine command, String[] args) {
    PrintWriter err = command.getErr();
    err.println(command.getCommandSpec().qualifiedName() + ": " + message);
    boolean takesExpressions = command.getCommandName().equals("eval");
    if (takesExpressions && Arrays.stream(args).anyMatch(arg -> isUnknownOption(arg, command))) {
      err.println("an expression that begins with a minus sign goes in parentheses: '(-x)'");
    }
    err.println("see " + command.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  private static boolean isUnknownOption(String arg, CommandLine command) {
    return arg.startsWith("-")
        && !arg.equals("--")
        && !command.getCommandSpec().optionsMap().containsKey(arg.split("=", 2)[0]);
  }

  private int failed(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    if (isDebugging() && failure instanceof KilnException) {
      failure.printStackTrace(err);
    }
    String name = command.getCommandSpec().qualifiedName();
    return switch (failure) {
      case EvalCommand.WrongExpression wrong -> {
        err.println(name + ": " + Advice.translate(wrong, command));
        yield wrong.isSyntax() ? USAGE : FAILED;
      }
      case CommandLine.ParameterException wrong -> usage(wrong, new String[0]);
      case UsageException wrong -> usage(wrong.getMessage(), command, new String[0]);
      case ExpressionException e ->
          throw new AssertionError("an expression's error without the expression", e);
      case KilnException e -> {
        err.println(name + ": " + Advice.translate(e, command));
        yield FAILED;
      }
      default -> fault(failure, name, err);
    };
  }

  private boolean isDebugging() {
    return debug.<Boolean>getValue();
  }

  private int fault(Throwable failure, String name, PrintWriter err) {
    if (isDebugging()) {
      failure.printStackTrace(err);
    }
    err.println(
        name
            + ": a fault of Kiln: "
            + failure
            + (isDebugging() ? "" : "; run again with --debug and report it"));
    return FAULT;
  }

  /** The version, from the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version =
          Objects.requireNonNullElse(
              Main.class.getPackage().getImplementationVersion(), "(not packaged)");
      return new String[] {"kiln " + version};
    }
  }
}
