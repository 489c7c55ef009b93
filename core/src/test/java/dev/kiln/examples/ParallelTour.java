package dev.kiln.examples;

import dev.kiln.task.Inputs;
import dev.kiln.task.Parallel;
import dev.kiln.task.Retry;
import dev.kiln.task.TaskContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the documentation of parallel maps shows, as code that runs. */
public final class ParallelTour {
  private ParallelTour() {}

  /** The square roots. */
  public static List<Double> roots() {
    // @start region="roots"
    List<Double> roots = Parallel.with(4).map(0, 10, i -> Math.sqrt(i * i)); // 0.0, 1.0, … 9.0
    // @end
    return roots;
  }

  /** Which task failed. */
  public static long failure(List<String> numbers) {
    // @start region="failure"
    try {
      Parallel.all().map(numbers, Integer::parseInt);
    } catch (NumberFormatException e) {
      return TaskContext.of(e).orElseThrow().index();
    }
    // @end
    return -1;
  }

  /** Another attempt. */
  public static List<String> retry(List<Path> files) throws IOException {
    // @start region="retry"
    Retry retry = Retry.of(4, IOException.class).backoff(Duration.ofMillis(100)); // 0.1, 0.2, 0.4 s
    List<String> texts = Parallel.blocking(20).retry(retry).map(files, Files::readString);
    // @end
    return texts;
  }

  /** Work that waits. */
  public static List<Long> blocking(List<Path> files) throws IOException {
    // @start region="blocking"
    List<Long> sizes = Parallel.blocking(200).map(files, Files::size);
    // @end
    return sizes;
  }

  /** Something for each worker. */
  public static List<String> initialiser(List<byte[]> texts) {
    // @start region="initialiser"
    List<String> digests =
        Parallel.all()
            .initialiser(ParallelTour::sha256)
            .map(texts, (sha, text) -> HexFormat.of().formatHex(sha.digest(text)));
    // @end
    return digests;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  /** Pairs. */
  public static List<Double> starmap() {
    // @start region="starmap"
    Map<Double, Double> pairs = Map.of(2.0, 10.0);
    List<Double> powers = Parallel.all().starmap(pairs.entrySet(), Math::pow); // 1024.0
    // @end
    return powers;
  }

  /** A sum. */
  public static double reduce() {
    // @start region="reduce"
    double sum =
        Parallel.all().reduce(Inputs.range(1, 1001), i -> 1.0 / i, Double::sum).orElseThrow();
    // @end
    return sum;
  }

  /** Results while the work goes on. */
  public static List<Integer> stream(List<String> words) {
    // @start region="stream"
    try (Stream<Integer> lengths = Parallel.with(4).ahead(16).stream(words, String::length)) {
      return lengths.takeWhile(length -> length > 0).toList();
    }
    // @end
  }
}
