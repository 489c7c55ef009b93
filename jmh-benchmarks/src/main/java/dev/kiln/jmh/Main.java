package dev.kiln.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;

/**
 * JMH's command line with all its options, but that {@code backend} is everybody on the class path
 * unless it is given, and that only those combinations run which a contender offers.
 *
 * <p>Beside a result file {@code x.json} it writes {@code x.json.run}, which says where and how the
 * results were made; {@code tools/benchmarks-page.py} wants both.
 */
public final class Main {
  private Main() {}

  /** Runs what the command line asks for. */
  public static void main(String[] arguments)
      throws IOException, CommandLineOptionException, RunnerException {
    CommandLineOptions given = new CommandLineOptions(arguments);
    if (given.shouldHelp()
        || given.shouldList()
        || given.shouldListWithParams()
        || given.shouldListProfilers()
        || given.shouldListResultFormats()) {
      org.openjdk.jmh.Main.main(arguments);
      return;
    }
    Runs runs = Runs.of(given);
    runs.notOffered().forEach(combination -> System.out.println("# not offered: " + combination));
    List<RunResult> results = new ArrayList<>();
    for (Options options : runs.options()) {
      results.addAll(new Runner(options).run());
      // After each, so that a run that is cut short leaves what it has.
      write(given, results);
    }
  }

  /** Each runner writes a file of its own results; this puts all in its place. */
  private static void write(Options given, List<RunResult> results) throws IOException {
    if (!given.getResult().hasValue() && !given.getResultFormat().hasValue()) {
      return;
    }
    ResultFormatType format = given.getResultFormat().orElse(ResultFormatType.CSV);
    String file = given.getResult().orElse("jmh-result." + format.name().toLowerCase(Locale.ROOT));
    ResultFormatFactory.getInstance(format, file).writeOut(results);
    RunRecord.here().write(Path.of(file + ".run"));
  }
}
