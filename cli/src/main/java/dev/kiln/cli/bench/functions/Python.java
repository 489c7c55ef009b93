package dev.kiln.cli.bench.functions;

import dev.kiln.DType;
import dev.kiln.KilnException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * NumPy and JAX, in a process that computes when it is asked to: a request is one line, an answer
 * one line with {@code name large small} for each peer, in seconds.
 */
public final class Python implements AutoCloseable {
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private Python(Process process) {
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts an interpreter with the script.
   *
   * @throws KilnException where it does not start
   */
  public static Python start(Path interpreter, Path script, int threads) {
    ProcessBuilder builder =
        new ProcessBuilder(
            interpreter.toString(), script.toString(), "--threads", Integer.toString(threads));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      return new Python(builder.start());
    } catch (IOException e) {
      throw new KilnException(
          "cannot start "
              + interpreter
              + ": "
              + e.getMessage()
              + "; give --python a Python with"
              + " numpy, and jax if it is to be compared",
          e);
    }
  }

  Contender contender(Subject subject, DType dtype, FunctionBench.Sizes sizes) {
    String request =
        "%s %s %s %s %s %s %d %d"
            .formatted(
                subject.name(),
                dtype,
                subject.x().low(),
                subject.x().high(),
                subject.y().low(),
                subject.y().high(),
                sizes.large(),
                sizes.small());
    return new Contender() {
      @Override
      public List<String> warm() {
        ask(request + " 0.1");
        return List.of();
      }

      @Override
      public List<Lap> round(double seconds) {
        return ask(request + " " + seconds);
      }

      @Override
      public List<String> cooled() {
        return List.of();
      }
    };
  }

  private List<Lap> ask(String request) {
    try {
      requests.write(request + "\n");
      requests.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new KilnException("the Python process ended at '" + request + "'; it says why above");
      }
      return laps(answer);
    } catch (IOException e) {
      throw new KilnException(
          "the Python process ended at '" + request + "'; it says why above", e);
    }
  }

  private static List<Lap> laps(String answer) {
    List<Lap> laps = new ArrayList<>();
    String[] words = answer.isEmpty() ? new String[0] : answer.split(" ");
    for (int k = 0; k + 2 < words.length; k += 3) {
      laps.add(
          new Lap(words[k], Double.parseDouble(words[k + 1]), Double.parseDouble(words[k + 2])));
    }
    return laps;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
