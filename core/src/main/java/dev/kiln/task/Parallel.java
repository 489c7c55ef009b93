package dev.kiln.task;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a function over many inputs, on the threads that run the kernels.
 *
 * {@snippet file="dev/kiln/examples/ParallelTour.java" region="roots"}
 *
 * <p>A parallel is a value: each method gives another one, or does the work. The calling thread
 * works too, and an engine's idle workers help; a task may itself use Kiln, parallels included, on
 * the same threads. When a call returns, none of its tasks runs any more.
 *
 * <p>Inputs are pulled when they are needed, by one thread at a time. Tiny tasks are handed out in
 * batches, whose size follows the time they take.
 *
 * <p>The first failure of a task arrives with its own type, with a {@link TaskContext} that has the
 * task's index and input (an exception object that is kept and thrown again in later calls has that
 * of the first); the other tasks are cancelled: no other begins, and threads in one are
 * interrupted. So are they when the caller is interrupted ({@link dev.kiln.KilnException}, the flag
 * stays set), at a {@linkplain #limit limit of time} ({@link TaskTimeoutException}) and when the
 * engine is closed. A call waits for its interrupted tasks; one that ignores interrupts holds it
 * up. An interrupt flag that a task leaves on a worker's thread stops nothing: it is cleared.
 */
public final class Parallel {
  private final Settings settings;

  private Parallel(Settings settings) {
    this.settings = settings;
  }

  /**
   * With that many workers, the calling thread included: {@code n}, or −1 for all of the engine, −2
   * for all but one, −3 for all but two, at least one. 1 is a plain loop in the calling thread.
   *
   * <p>There are never more than the engine has threads, so that nothing is oversubscribed; {@link
   * #blocking} is for tasks that wait.
   *
   * @throws dev.kiln.KilnException for 0
   */
  public static Parallel with(int workers) {
    Settings.check(workers != 0, "0 workers", "1 or more, or -1 for all, -2 for all but one");
    Settings settings = new Settings();
    settings.workers = workers;
    return new Parallel(settings);
  }

  /** With all threads of the engine: {@code with(-1)}. */
  public static Parallel all() {
    return with(-1);
  }

  /**
   * With that many virtual threads at once, the calling one among them, for tasks that wait: for
   * files, for servers. They are no threads of an engine, and end with the call.
   *
   * {@snippet file="dev/kiln/examples/ParallelTour.java" region="blocking"}
   */
  public static Parallel blocking(int tasks) {
    Settings.check(
        tasks >= 1 && tasks <= Settings.MOST_VIRTUAL,
        tasks + " tasks at once",
        "at least 1 and at most " + Settings.MOST_VIRTUAL);
    Settings settings = new Settings();
    settings.workers = tasks;
    settings.virtual = true;
    return new Parallel(settings);
  }

  /** On the threads of that engine, rather than those of {@link dev.kiln.Kiln#engine()}. */
  public Parallel on(Engine engine) {
    Settings copy = settings.copy();
    copy.engine = engine;
    return new Parallel(copy);
  }

  /** With a name, for messages, progress and flight recordings. */
  public Parallel named(String name) {
    Settings copy = settings.copy();
    copy.name = name;
    return new Parallel(copy);
  }

  /** With batches of that many tasks; 1 hands out single tasks. */
  public Parallel batch(int tasks) {
    Settings.check(tasks >= 1, "batches of " + tasks, "at least 1");
    Settings copy = settings.copy();
    copy.batch = tasks;
    return new Parallel(copy);
  }

  /**
   * With at most that many tasks of a {@linkplain #stream stream} begun, or their inputs pulled,
   * beyond those that were consumed; twice the workers if not said. More lets tiny tasks go in
   * larger batches.
   */
  public Parallel ahead(int tasks) {
    Settings.check(
        tasks >= 1 && tasks <= Settings.MOST_AHEAD,
        tasks + " tasks ahead",
        "at least 1 and at most " + Settings.MOST_AHEAD);
    Settings copy = settings.copy();
    copy.ahead = tasks;
    return new Parallel(copy);
  }

  /** With streams that give results as they complete, not in the order of the inputs. */
  public Parallel asCompleted() {
    Settings copy = settings.copy();
    copy.asCompleted = true;
    return new Parallel(copy);
  }

  /** With a limit of time for each task, its retries included. */
  public Parallel taskLimit(Duration limit) {
    Settings.check(limit.isPositive(), "a limit of " + limit, "a positive one");
    Settings copy = settings.copy();
    copy.taskLimit = limit;
    return new Parallel(copy);
  }

  /** With a limit of time for a whole call. */
  public Parallel limit(Duration limit) {
    Settings.check(limit.isPositive(), "a limit of " + limit, "a positive one");
    Settings copy = settings.copy();
    copy.limit = limit;
    return new Parallel(copy);
  }

  /** With failed tasks tried again. */
  public Parallel retry(Retry retry) {
    Settings copy = settings.copy();
    copy.retry = retry;
    return new Parallel(copy);
  }

  /** With a listener that is told how far a call is. */
  public Parallel progress(ProgressListener listener) {
    Settings copy = settings.copy();
    copy.progress = listener;
    return new Parallel(copy);
  }

  /**
   * With something that each worker has for itself, made before its first task of a call and, if it
   * is {@link AutoCloseable}, closed at the end of it. One thread uses it at a time.
   *
   * {@snippet file="dev/kiln/examples/ParallelTour.java" region="initialiser"}
   */
  public <S> ParallelWith<S> initialiser(Initialiser<? extends S> initialiser) {
    return new ParallelWith<>(settings, initialiser);
  }

  /**
   * The function's values, in the order of the inputs.
   *
   * @throws X where a task does
   */
  public <T extends @Nullable Object, R extends @Nullable Object, X extends Exception> List<R> map(
      Iterable<? extends T> inputs, Fn1<? super T, ? extends R, X> function) throws X {
    return this.<T, R>call(inputs, function).<X>list();
  }

  /** {@link #map(Iterable, Fn1)} of a stream's elements, which are pulled when they are needed. */
  public <T extends @Nullable Object, R extends @Nullable Object, X extends Exception> List<R> map(
      Stream<? extends T> inputs, Fn1<? super T, ? extends R, X> function) throws X {
    return this.<T, R, X>map(Inputs.of(inputs), function);
  }

  /** {@link #map(Iterable, Fn1)} of an array's elements. */
  public <T extends @Nullable Object, R extends @Nullable Object, X extends Exception> List<R> map(
      T[] inputs, Fn1<? super T, ? extends R, X> function) throws X {
    return this.<T, R, X>map(Inputs.of(inputs), function);
  }

  /** {@link #map(Iterable, Fn1)} of the integers from {@code from} to below {@code to}. */
  public <R extends @Nullable Object, X extends Exception> List<R> map(
      int from, int to, Fn1<? super Integer, ? extends R, X> function) throws X {
    return this.<Integer, R, X>map(Inputs.range(from, to), function);
  }

  /**
   * {@link #map(Iterable, Fn1)} of a function of two arguments over pairs, such as a map's entries.
   *
   * {@snippet file="dev/kiln/examples/ParallelTour.java" region="starmap"}
   */
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          R extends @Nullable Object,
          X extends Exception>
      List<R> starmap(
          Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs,
          Fn2<? super A, ? super B, ? extends R, X> function)
          throws X {
    return this.<Map.Entry<? extends A, ? extends B>, R, X>map(
        pairs, pair -> function.apply(pair.getKey(), pair.getValue()));
  }

  /** The elements of what the function gives for each input, in order, in one list. */
  public <T extends @Nullable Object, R extends @Nullable Object, X extends Exception>
      List<R> flatMap(
          Iterable<? extends T> inputs, Fn1<? super T, ? extends Iterable<? extends R>, X> function)
          throws X {
    List<R> all = new ArrayList<>();
    long input = 0;
    for (Iterable<? extends R> some : this.<T, Iterable<? extends R>, X>map(inputs, function)) {
      if (some == null) {
        throw new KilnException(
            "flatMap: null for input " + input + "; give an empty list for nothing");
      }
      some.forEach(all::add);
      input++;
    }
    return all;
  }

  /** Does something with each input. */
  public <T extends @Nullable Object, X extends Exception> void forEach(
      Iterable<? extends T> inputs, Action<? super T, X> action) throws X {
    this.<T, @Nullable Object>call(
            inputs,
            input -> {
              action.accept(input);
              return null;
            })
        .<X>forEach();
  }

  /**
   * The function's values, combined in pairs as the leaves of a tree whose shape depends on their
   * number alone: the same result, floating-point rounding included, for any number of workers. The
   * operation should be associative; it need not be commutative. Empty if there are no inputs.
   *
   * {@snippet file="dev/kiln/examples/ParallelTour.java" region="reduce"}
   *
   * @throws dev.kiln.KilnException where the function or the operation gives null
   */
  public <T extends @Nullable Object, R, X extends Exception> Optional<R> reduce(
      Iterable<? extends T> inputs,
      Fn1<? super T, ? extends R, X> function,
      BinaryOperator<R> combine)
      throws X {
    return this.<T, R>call(inputs, function).<X>reduce(combine);
  }

  /**
   * The function's values as a stream, consumed while the work goes on: in the order of the inputs,
   * or {@linkplain #asCompleted as they complete}. Work begins with the first result asked for and
   * runs {@linkplain #ahead ahead} by a bounded number of tasks. The thread that consumes does
   * tasks itself rather than wait for the next result in order, and pulls inputs for them; so an
   * input must not wait for a result to be consumed.
   *
   * <p>A stream that is not consumed to its end is to be closed, which cancels what is left:
   *
   * {@snippet file="dev/kiln/examples/ParallelTour.java" region="stream"}
   *
   * <p>A failure arrives at the consumer when it next asks; a checked one wrapped in a {@link
   * dev.kiln.KilnException}, for streams cannot declare it.
   */
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      Iterable<? extends T> inputs, Fn1<? super T, ? extends R, ? extends Exception> function) {
    return this.<T, R>call(inputs, function).stream();
  }

  /**
   * With a limit on the bytes of values between the calls of a delayed graph, as far as they are
   * arrays or lists of arrays: above it no call begins while another runs. What a call will give is
   * not known before, so the largest value so far is expected of each.
   */
  public Parallel liveBytes(long limit) {
    Settings.check(limit > 0, "a limit of " + limit + " bytes", "at least 1");
    Settings copy = settings.copy();
    copy.liveBytes = limit;
    return new Parallel(copy);
  }

  /**
   * The value of a delayed call.
   *
   * @throws dev.kiln.KilnException where a call throws a checked exception, which is its cause;
   *     another failure arrives as it is
   */
  @SuppressWarnings("NullAway") // Null only where T has it.
  public <T extends @Nullable Object> T compute(Delayed<T> delayed) {
    return this.<T>computeAll(List.of(delayed)).getFirst();
  }

  /**
   * The values of several delayed calls, in their order, computed together: what they share is
   * computed once.
   *
   * @throws dev.kiln.KilnException as {@link #compute} says
   */
  @SuppressWarnings("unchecked") // The values of the calls.
  public <T extends @Nullable Object> List<T> computeAll(
      List<? extends Delayed<? extends T>> delayed) {
    GraphRun run = new GraphRun(settings, settings.crew(), TaskGraph.of(delayed));
    Throwable failure = run.run();
    if (failure != null) {
      throw Unchecked.asUnchecked(failure);
    }
    return (List<T>) run.results();
  }

  /**
   * Begins to compute a delayed value, and returns at once. Whoever waits for it may find itself
   * doing tasks, if no worker is at them; with an engine of one thread nothing happens before.
   * Cancelling interrupts what runs. A failure is the cause of the {@link
   * java.util.concurrent.ExecutionException}.
   *
   * <p>One who waits with a limit of time leaves the tasks to the workers and is back in time; the
   * computation goes on. Only where it might wait for ever, with an engine of one thread or one
   * worker, or in a task itself while no worker comes, does it do tasks like the others, and may
   * then be late by the one that it is in.
   *
   * <p>An interrupt of a thread that waits is that thread's alone: it gets the {@link
   * InterruptedException}, and the computation goes on for others and for later calls of {@code
   * get}. A call that it was making itself and that the interrupt cut short is made again.
   *
   * {@snippet file="dev/kiln/examples/DelayedTour.java" region="submit"}
   */
  public <T extends @Nullable Object> Future<T> submit(Delayed<T> delayed) {
    return new Submission<>(settings, settings.crew(), TaskGraph.of(List.of(delayed)));
  }

  private <T extends @Nullable Object, R extends @Nullable Object> Call<T, R> call(
      Iterable<? extends T> inputs, Fn1<? super T, ? extends R, ? extends Exception> function) {
    return new Call<>(
        settings, settings.crew(), inputs, States.none(), (worker, input) -> function.apply(input));
  }
}
