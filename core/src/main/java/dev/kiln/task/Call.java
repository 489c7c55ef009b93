package dev.kiln.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One function over many inputs, and the ways to have its results. */
final class Call<T extends @Nullable Object, R extends @Nullable Object> {
  private final Settings settings;
  private final Crew crew;
  private final Iterable<? extends T> inputs;
  private final States<?> states;
  private final Task<? super T, ? extends R> task;

  /** What is done with each input, by the worker of that number. */
  @FunctionalInterface
  interface Task<T extends @Nullable Object, R extends @Nullable Object> {
    /** Its result. */
    R run(int worker, T input) throws Exception;
  }

  Call(
      Settings settings,
      Crew crew,
      Iterable<? extends T> inputs,
      States<?> states,
      Task<? super T, ? extends R> task) {
    this.settings = settings;
    this.crew = crew;
    this.inputs = inputs;
    this.states = states;
    this.task = task;
  }

  /** All results, in the order of the inputs. */
  <X extends Exception> List<R> list() throws X {
    List<Batch> batches = new ArrayList<>();
    this.<X>run((worker, batch, k) -> batch.put(k, result(worker, batch, k)), batches::add);
    int size = 0;
    for (Batch batch : batches) {
      size = Math.addExact(size, batch.size());
    }
    @Nullable Object[] results = new @Nullable Object[size];
    int next = 0;
    for (Batch batch : batches) {
      for (int k = 0; k < batch.size(); k++) {
        results[next++] = batch.get(k);
      }
    }
    return asList(results);
  }

  /** Does the work for its effect; results are dropped. */
  <X extends Exception> void forEach() throws X {
    this.<X>run(
        (worker, batch, k) -> {
          result(worker, batch, k);
          batch.put(k, null);
        },
        batch -> {});
  }

  /** All results, combined as the leaves of a fixed tree. */
  <X extends Exception> Optional<R> reduce(BinaryOperator<R> combine) throws X {
    Tree<R> tree = new Tree<>(combine);
    AtomicLong leaves = new AtomicLong();
    this.<X>run(
        (worker, batch, k) -> {
          tree.add(batch.index(k), result(worker, batch, k));
          batch.put(k, null);
        },
        batch -> leaves.addAndGet(batch.size()));
    return tree.result(leaves.get());
  }

  /** The results as they are asked for. */
  Stream<R> stream() {
    int bound = settings.ahead(crew);
    Results results = settings.asCompleted ? new Results.AsCompleted() : new Results.Ordered(bound);
    Job[] job = new Job[1];
    job[0] =
        job(
            (worker, batch, k) -> {
              R result = result(worker, batch, k);
              batch.put(k, null);
              results.put(batch.index(k), result);
              job[0].team().wake();
            },
            batch -> {},
            bound);
    return ResultStream.of(job[0], results, states::close);
  }

  private <X extends Exception> void run(Job.Work work, Consumer<Batch> claimed) throws X {
    Throwable failure;
    try {
      failure = job(work, claimed, Long.MAX_VALUE).run();
    } catch (Throwable e) {
      states.close(e);
      throw e;
    }
    states.close(failure);
    if (failure != null) {
      throw Unchecked.<X>raise(failure);
    }
  }

  private Job job(Job.Work work, Consumer<Batch> claimed, long bound) {
    long total = Inputs.count(inputs);
    return new Job(settings, crew, inputs.iterator(), work, claimed, bound, total);
  }

  // Batches hold what the inputs gave: null only where T has it.
  @SuppressWarnings({"unchecked", "NullAway"})
  private R result(int worker, Batch batch, int k) throws Exception {
    return task.run(worker, (T) batch.get(k));
  }

  @SuppressWarnings("unchecked") // The results of tasks.
  private List<R> asList(@Nullable Object[] results) {
    return (List<R>) Collections.unmodifiableList(Arrays.asList(results));
  }
}
