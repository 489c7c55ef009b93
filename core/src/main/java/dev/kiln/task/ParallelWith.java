package dev.kiln.task;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Parallel} whose workers have something of their own, which the function is given first.
 *
 * @param <S> what they have
 */
public final class ParallelWith<S> {
  private final Settings settings;
  private final Initialiser<? extends S> initialiser;

  ParallelWith(Settings settings, Initialiser<? extends S> initialiser) {
    this.settings = settings;
    this.initialiser = initialiser;
  }

  /** As {@link Parallel#map(Iterable, Fn1)}. */
  public <T extends @Nullable Object, R extends @Nullable Object, X extends Exception> List<R> map(
      Iterable<? extends T> inputs, Fn2<? super S, ? super T, ? extends R, X> function) throws X {
    return this.<T, R>call(inputs, function).<X>list();
  }

  /** As {@link Parallel#stream}. */
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      Iterable<? extends T> inputs,
      Fn2<? super S, ? super T, ? extends R, ? extends Exception> function) {
    return this.<T, R>call(inputs, function).stream();
  }

  private <T extends @Nullable Object, R extends @Nullable Object> Call<T, R> call(
      Iterable<? extends T> inputs,
      Fn2<? super S, ? super T, ? extends R, ? extends Exception> function) {
    Crew crew = settings.crew();
    States<S> states = new States<>(initialiser, crew.size());
    return new Call<>(
        settings,
        crew,
        inputs,
        states,
        (worker, input) -> function.apply(states.of(worker), input));
  }
}
