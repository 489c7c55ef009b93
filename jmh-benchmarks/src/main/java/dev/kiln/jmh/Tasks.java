package dev.kiln.jmh;

import dev.kiln.Engine;
import dev.kiln.task.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs to hand out tasks whose work is nothing, and to collect their results in order:
 * Kiln beside the JDK's own ways, each with a thread for each core.
 */
public class Tasks extends Timed {
  /** Tasks in a call. */
  @Param("20000")
  public int tasks;

  private @Nullable Threads threads;

  /** Everybody's threads. */
  private record Threads(
      Engine engine, ForkJoinPool forkJoin, ExecutorService fixed, ExecutorService virtual) {}

  /** Starts the threads and checks everybody's answer. */
  @Setup(Level.Trial)
  public void prepare() throws InterruptedException, ExecutionException {
    int cores = Runtime.getRuntime().availableProcessors();
    threads =
        new Threads(
            Engine.builder().backend("interpreter").threads(cores).build(),
            new ForkJoinPool(cores),
            Executors.newFixedThreadPool(cores),
            Executors.newVirtualThreadPerTaskExecutor());
    List<Double> expected = IntStream.range(0, tasks).mapToObj(i -> (double) i).toList();
    check("kiln", kiln(), expected);
    check("kilnOneByOne", kilnOneByOne(), expected);
    check("parallelStream", parallelStream(), expected);
    check("forkJoinPool", forkJoinPool(), expected);
    check("fixedThreadPool", fixedThreadPool(), expected);
    check("virtualThreads", virtualThreads(), expected);
    check("completableFutures", completableFutures(), expected);
  }

  private static void check(String who, List<Double> given, List<Double> expected) {
    if (!given.equals(expected)) {
      throw new IllegalStateException(who + " gave a wrong answer");
    }
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    if (threads != null) {
      threads.engine.close();
      threads.forkJoin.close();
      threads.fixed.close();
      threads.virtual.close();
      threads = null;
    }
  }

  /** A parallel map, whose tasks go in batches. */
  @Benchmark
  public List<Double> kiln() {
    return Parallel.all().on(threads().engine).map(0, tasks, Tasks::root);
  }

  /** A parallel map whose tasks are handed out one by one. */
  @Benchmark
  public List<Double> kilnOneByOne() {
    return Parallel.all().on(threads().engine).batch(1).map(0, tasks, Tasks::root);
  }

  /** A stream, which splits its range. */
  @Benchmark
  public List<Double> parallelStream() throws InterruptedException, ExecutionException {
    return threads()
        .forkJoin
        .submit(() -> IntStream.range(0, tasks).parallel().mapToObj(Tasks::root).toList())
        .get();
  }

  /** All tasks submitted to a work-stealing pool. */
  @Benchmark
  public List<Double> forkJoinPool() throws InterruptedException, ExecutionException {
    return results(threads().forkJoin.invokeAll(calls()));
  }

  /** All tasks submitted to a pool with one queue. */
  @Benchmark
  public List<Double> fixedThreadPool() throws InterruptedException, ExecutionException {
    return results(threads().fixed.invokeAll(calls()));
  }

  /** A virtual thread for each task. */
  @Benchmark
  public List<Double> virtualThreads() throws InterruptedException, ExecutionException {
    return results(threads().virtual.invokeAll(calls()));
  }

  /** A future for each task, on the work-stealing pool. */
  @Benchmark
  public List<Double> completableFutures() {
    List<CompletableFuture<Double>> futures = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      int number = i;
      futures.add(CompletableFuture.supplyAsync(() -> root(number), threads().forkJoin));
    }
    return futures.stream().map(CompletableFuture::join).toList();
  }

  private List<Callable<Double>> calls() {
    List<Callable<Double>> calls = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      int number = i;
      calls.add(() -> root(number));
    }
    return calls;
  }

  private static List<Double> results(List<Future<Double>> futures)
      throws InterruptedException, ExecutionException {
    List<Double> results = new ArrayList<>(futures.size());
    for (Future<Double> future : futures) {
      results.add(future.get());
    }
    return results;
  }

  private static double root(int i) {
    return Math.sqrt((double) i * i);
  }

  private Threads threads() {
    Threads prepared = threads;
    if (prepared == null) {
      throw new IllegalStateException("used before prepare");
    }
    return prepared;
  }
}
