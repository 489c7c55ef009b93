package dev.kiln.cli.bench.tasks;

import static dev.kiln.task.Delayed.delayed;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.cli.bench.PeerFigure;
import dev.kiln.task.Delayed;
import dev.kiln.task.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Microseconds that a task costs when its work is nothing: the square root of a square, as in the
 * peers' script. Each way is called until it has taken its time, its answers are checked, and the
 * median of the later half counts.
 */
public final class TaskBench {
  private static final String UNIT = "us/task";
  private static final int TASKS = 20_000;
  private static final int CALLS = 5_000;
  private static final int[] SIZES = {10_000, 100_000, 1_000_000};

  private final Parallel parallel;
  private final double seconds;

  /**
   * On an engine's threads.
   *
   * @param seconds that each figure may take, and a little more
   */
  public TaskBench(Engine engine, double seconds) {
    this.parallel = Parallel.all().on(engine);
    this.seconds = seconds;
  }

  /** Measures everything; the consumer is given each figure as soon as it is there. */
  public void run(Consumer<PeerFigure> figures) {
    figures.accept(figure("task-overhead", "kiln-parallel", TASKS, () -> map(parallel)));
    figures.accept(
        figure("task-overhead", "kiln-parallel-single", TASKS, () -> map(parallel.batch(1))));
    figures.accept(figure("task-overhead", "kiln-delayed", CALLS, () -> fan(CALLS)));
    figures.accept(figure("task-chain", "kiln-delayed", CALLS, () -> chain(CALLS)));
    for (int size : SIZES) {
      figures.accept(figure("task-graph-" + size, "kiln-delayed", size, () -> fan(size)));
    }
  }

  private double map(Parallel with) {
    List<Double> roots = with.map(0, TASKS, i -> Math.sqrt((double) i * i));
    return roots.get(TASKS - 1) + roots.size() - 2 * TASKS + 1;
  }

  private double fan(int calls) {
    List<Delayed<Double>> all = new ArrayList<>(calls);
    for (int i = 0; i < calls; i++) {
      double square = (double) i * i;
      all.add(delayed(() -> Math.sqrt(square)));
    }
    List<Double> roots = parallel.computeAll(all);
    return roots.get(calls - 1) + roots.size() - 2 * calls + 1;
  }

  private double chain(int calls) {
    Delayed<Integer> x = delayed(() -> 0);
    for (int i = 0; i < calls; i++) {
      x = x.then(value -> value + 1);
    }
    return parallel.compute(x) - calls;
  }

  /**
   * Times a way.
   *
   * @param call does that many tasks, and gives 0 if they were right
   */
  private PeerFigure figure(String name, String peer, int tasks, DoubleSupplier call) {
    List<Long> times = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (times.size() < 3 || System.nanoTime() < end) {
      long start = System.nanoTime();
      double wrong = call.getAsDouble();
      times.add(System.nanoTime() - start);
      if (wrong != 0) {
        throw new KilnException(name + " by " + peer + " gave a wrong answer, off by " + wrong);
      }
    }
    long[] later =
        times.subList(times.size() / 2, times.size()).stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(later);
    return new PeerFigure(name, peer, later[later.length / 2] / 1e3 / tasks, UNIT);
  }
}
