package dev.kiln.task;

import dev.kiln.KilnException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A call that has not been made yet: a function and its arguments, some of which may themselves be
 * delayed. Together they are a graph, and are computed together.
 *
 * {@snippet file="dev/kiln/examples/DelayedTour.java" region="delayed"}
 *
 * <p>An argument may be a value, a {@code Delayed}, an {@link dev.kiln.NDArray}, or a list or a map
 * with any of these among its values; the function is given what they come to. An array that is not
 * computed yet becomes a task of its own; so does one that a function gives. Lists and maps may be
 * nested up to 200 levels deep, and none may contain itself; a {@link #value} is not looked into.
 *
 * <p>What several calls share is computed once a computation; arrays that share parts with other
 * arrays compute these each for itself, unless {@link dev.kiln.Kiln#computeAll} has computed them
 * before. Calls whose arguments are there run side by side, with the kernels and on the same
 * threads. A value is dropped when the last call that needs it has been made. A function should be
 * free of side effects and should not change what it is given.
 *
 * <p>How to compute is said by a {@link Parallel}: {@code Parallel.with(2).on(engine).compute(x)}.
 * The methods here use all threads of {@link dev.kiln.Kiln#engine()}.
 *
 * <p>A failure stops the computation and arrives as it is, a checked one as the cause of a {@link
 * KilnException}, with a {@link DelayedContext} that has the path through the graph.
 *
 * @param <T> what it comes to
 */
public final class Delayed<T extends @Nullable Object> {
  private final String name;
  private final Body body;
  private final @Nullable Object[] arguments;
  private final Object[] inputs;

  /** A function of evaluated arguments. */
  @FunctionalInterface
  interface Body {
    /** Its value. */
    @Nullable Object call(@Nullable Object[] arguments) throws Exception;
  }

  private Delayed(String name, Body body, @Nullable Object[] arguments, Object[] inputs) {
    this.name = name;
    this.body = body;
    this.arguments = arguments;
    this.inputs = inputs;
  }

  private static <R extends @Nullable Object> Delayed<R> of(
      Object function, Body body, @Nullable Object... arguments) {
    String name = function instanceof NamedFunction named ? named.functionName() : "delayed";
    List<Object> inputs = new ArrayList<>(arguments.length);
    @Nullable Object[] parsed = new @Nullable Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      parsed[i] = Argument.parse(arguments[i], inputs);
    }
    return new Delayed<>(name, body, parsed, inputs.toArray());
  }

  /** The call of a function without arguments. */
  public static <R extends @Nullable Object> Delayed<R> delayed(
      Fn0<? extends R, ? extends Exception> function) {
    return of(function, arguments -> function.apply());
  }

  /**
   * The call of a function of one argument. A lambda says the type of its parameter: {@code
   * delayed((Integer x) -> x + 1, 2)}; {@link #then} knows it.
   */
  @SuppressWarnings("unchecked") // A wrong type is a ClassCastException of the task.
  public static <A extends @Nullable Object, R extends @Nullable Object> Delayed<R> delayed(
      Fn1<? super A, ? extends R, ? extends Exception> function, @Nullable Object a) {
    return of(function, arguments -> function.apply((A) arguments[0]), a);
  }

  /** The call of a function of two arguments. */
  @SuppressWarnings("unchecked") // A wrong type is a ClassCastException of the task.
  public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Delayed<R> delayed(
          Fn2<? super A, ? super B, ? extends R, ? extends Exception> function,
          @Nullable Object a,
          @Nullable Object b) {
    return of(function, arguments -> function.apply((A) arguments[0], (B) arguments[1]), a, b);
  }

  /** The call of a function of three arguments; more go in a list or a map. */
  @SuppressWarnings("unchecked") // A wrong type is a ClassCastException of the task.
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      Delayed<R> delayed(
          Fn3<? super A, ? super B, ? super C, ? extends R, ? extends Exception> function,
          @Nullable Object a,
          @Nullable Object b,
          @Nullable Object c) {
    return of(
        function,
        arguments -> function.apply((A) arguments[0], (B) arguments[1], (C) arguments[2]),
        a,
        b,
        c);
  }

  /** A value that is there already. */
  public static <T extends @Nullable Object> Delayed<T> value(T value) {
    return new Delayed<T>("value", arguments -> value, new Object[0], new Object[0]);
  }

  /** The call of a function with this one's value. */
  @SuppressWarnings({"unchecked", "NullAway"}) // Null only where T has it.
  public <R extends @Nullable Object> Delayed<R> then(
      Fn1<? super T, ? extends R, ? extends Exception> function) {
    return of(function, arguments -> function.apply((T) arguments[0]), this);
  }

  /** The call of a function with this one's value and another's. */
  @SuppressWarnings({"unchecked", "NullAway"}) // Null only where T or U has it.
  public <U extends @Nullable Object, R extends @Nullable Object> Delayed<R> with(
      Delayed<? extends U> other,
      Fn2<? super T, ? super U, ? extends R, ? extends Exception> function) {
    return of(
        function, arguments -> function.apply((T) arguments[0], (U) arguments[1]), this, other);
  }

  /** The same call with a name, for {@link #explain} and messages. It is another call. */
  public Delayed<T> named(String name) {
    return new Delayed<>(name, body, arguments, inputs);
  }

  /** Its value. */
  public T compute() {
    return Parallel.all().compute(this);
  }

  /**
   * The values of several, computed together.
   *
   * @throws KilnException as {@link #compute}
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // Only read.
  public static <T extends @Nullable Object> List<T> computeAll(Delayed<? extends T>... delayed) {
    return Parallel.all().computeAll(List.of(delayed));
  }

  /** Begins to compute it, see {@link Parallel#submit}. */
  public Future<T> submit() {
    return Parallel.all().submit(this);
  }

  /** Computes it, and gives a delayed value that is there, for several computations to come. */
  public Delayed<T> persist() {
    return value(compute()).named(name);
  }

  /** The graph: each call with what it needs, those that come first first. Nothing is computed. */
  public String explain() {
    return TaskText.explain(TaskGraph.of(List.of(this)));
  }

  /** The graph in Graphviz's DOT language. */
  public String dot() {
    return TaskText.dot(TaskGraph.of(List.of(this)));
  }

  String name() {
    return name;
  }

  Body body() {
    return body;
  }

  @Nullable Object[] arguments() {
    return arguments;
  }

  /** The delayed values and arrays among the arguments, in the order in which they occur. */
  Object[] inputs() {
    return inputs;
  }

  @Override
  public String toString() {
    return "Delayed " + name + ", of " + inputs.length + " others";
  }
}
