package dev.kiln.jmh;

import dev.kiln.DType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Benchmarks of which each method is a {@link Workload} of the same name, done by any contender.
 */
public abstract class Suite extends Timed {
  /** The value of {@link #threads} that stands for one for each core. */
  static final String ALL_CORES = "all";

  /** The dtype of inputs and results. */
  @Param({"float32", "float64"})
  public String dtype = "";

  /** How many threads calculate: a number, or {@code all}. */
  @Param({"1", ALL_CORES})
  public String threads = "";

  /** Who calculates; {@link Main} puts all in who are there. */
  @Param("cpu")
  public String backend = "";

  private @Nullable Call<?> call;

  /** The size of the problem, in what the suite counts. */
  abstract int size();

  /** Prepares the method's workload and checks one answer; nothing wrong is timed. */
  @Setup(Level.Trial)
  public final void prepare(BenchmarkParams benchmark) {
    Contender contender = Contenders.named(backend);
    Workload workload =
        workload(benchmark.getBenchmark())
            .orElseThrow(
                () -> new IllegalStateException(benchmark.getBenchmark() + " names no workload"));
    DType elements = DType.of(dtype);
    Contender.Preparation preparation = contender.workloads(elements).get(workload);
    if (preparation == null) {
      throw new IllegalStateException(
          "%s has no %s in %s; it has %s"
              .formatted(backend, workload, elements, contender.workloads(elements).keySet()));
    }
    int count = threadCount(threads);
    if (count != 1 && !contender.usesThreads(workload)) {
      throw new IllegalStateException(
          "%s does %s on one thread, not on %d: -p threads=1".formatted(backend, workload, count));
    }
    Problem problem = Problem.of(workload, elements, size());
    Call<?> prepared = preparation.prepare(problem, count);
    call = prepared;
    Reference.check(backend, problem, prepared.answer());
  }

  /** Gives back what was prepared. */
  @TearDown(Level.Trial)
  public final void close() {
    if (call != null) {
      call.close();
      call = null;
    }
  }

  /** One calculation of the method's workload. */
  final Object run() {
    Call<?> prepared = call;
    if (prepared == null) {
      throw new IllegalStateException("run before prepare");
    }
    return prepared.run();
  }

  /** The workload of a benchmark's full name. */
  static Optional<Workload> workload(String benchmark) {
    return Workload.ofMethod(benchmark.substring(benchmark.lastIndexOf('.') + 1));
  }

  private static int threadCount(String threads) {
    return threads.equals(ALL_CORES)
        ? Runtime.getRuntime().availableProcessors()
        : Integer.parseInt(threads);
  }
}
