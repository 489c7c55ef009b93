package dev.kiln.memo;

import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import dev.kiln.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Functions whose results are never computed twice, in any process.
 *
 * {@snippet file="dev/kiln/memo/MemoryTour.java" region="square"}
 *
 * <p>A result is found again by the function, its code, what it has captured, and its arguments'
 * contents. Change the function, or anything that it calls in the same folder or jar of classes,
 * and it is computed again; change it back, and the old result is found. What it calls in other
 * jars counts by name only: give a {@linkplain Options#version version} where that matters.
 *
 * <p>Arguments and results are arrays, primitives, strings, enums, records, lists, sets, maps,
 * optionals, Java arrays of primitives, and mixtures of these; for others there is a {@link Codec}.
 * Results come back the same way whether they were found or computed: arrays computed, lists and
 * maps unchangeable. A function must not depend on anything else, and should do nothing else.
 * Exceptions are never kept. Who wants what another thread or process is computing waits for it.
 *
 * <p>In a graph of delayed calls such a function is like any other, and goes by its name:
 *
 * {@snippet file="dev/kiln/memo/MemoryTour.java" region="delayed"}
 */
public final class Memory {
  private final Store store;
  private final Supplier<Engine> engine;
  private final SequencedMap<Class<?>, Codec<?>> codecs;
  private final Codes codes = new Codes();
  private final Map<Object, MemoisedFunction> functions =
      Collections.synchronizedMap(new WeakHashMap<>());

  private Memory(Builder builder) {
    this.store = builder.store;
    Engine given = builder.engine;
    this.engine = given == null ? Kiln::engine : () -> given;
    this.codecs = new LinkedHashMap<>(builder.codecs);
  }

  /**
   * Results in a folder, {@linkplain Store#at with a store's defaults}, arrays on the engine in use
   * where the function is called.
   */
  public static Memory at(Path folder) {
    return builder(Store.at(folder)).build();
  }

  /** Starts the description of a memory in a store. */
  public static Builder builder(Store store) {
    return new Builder(store);
  }

  /** Where results are kept. */
  public Store store() {
    return store;
  }

  /** A function whose result is kept. */
  public <R> Function0<R> cache(Function0<R> function) {
    return cache(function, options -> {});
  }

  /** A function whose result is kept. */
  public <R> Function0<R> cache(Function0<R> function, Consumer<Options> how) {
    MemoisedFunction memoised =
        memoised(function, Function0.class, how, arguments -> function.apply());
    Function0<R> cached = new Cached.Of0<>(memoised);
    functions.put(cached, memoised);
    return cached;
  }

  /** A function whose results are kept. */
  public <A, R> Function1<A, R> cache(Function1<A, R> function) {
    return cache(function, options -> {});
  }

  /** A function whose results are kept. */
  public <A, R> Function1<A, R> cache(Function1<A, R> function, Consumer<Options> how) {
    MemoisedFunction memoised =
        memoised(function, Function1.class, how, x -> function.apply(argument(x, 0)));
    Function1<A, R> cached = new Cached.Of1<>(memoised);
    functions.put(cached, memoised);
    return cached;
  }

  /** A function whose results are kept. */
  public <A, B, R> Function2<A, B, R> cache(Function2<A, B, R> function) {
    return cache(function, options -> {});
  }

  /** A function whose results are kept. */
  public <A, B, R> Function2<A, B, R> cache(Function2<A, B, R> function, Consumer<Options> how) {
    MemoisedFunction memoised =
        memoised(
            function, Function2.class, how, x -> function.apply(argument(x, 0), argument(x, 1)));
    Function2<A, B, R> cached = new Cached.Of2<>(memoised);
    functions.put(cached, memoised);
    return cached;
  }

  /** A function whose results are kept. */
  public <A, B, C, R> Function3<A, B, C, R> cache(Function3<A, B, C, R> function) {
    return cache(function, options -> {});
  }

  /** A function whose results are kept. */
  public <A, B, C, R> Function3<A, B, C, R> cache(
      Function3<A, B, C, R> function, Consumer<Options> how) {
    MemoisedFunction memoised =
        memoised(
            function,
            Function3.class,
            how,
            x -> function.apply(argument(x, 0), argument(x, 1), argument(x, 2)));
    Function3<A, B, C, R> cached = new Cached.Of3<>(memoised);
    functions.put(cached, memoised);
    return cached;
  }

  /**
   * A function of any number of arguments whose results are kept.
   *
   * @param type an interface with one abstract method; it extends {@link java.io.Serializable}
   *     where the function is a lambda, unless its name and version are given
   */
  public <F> F cache(Class<F> type, F function, Consumer<Options> how) {
    Method method = Implementation.single(type);
    method.setAccessible(true);
    MemoisedFunction memoised =
        memoised(
            function,
            type,
            how,
            arguments -> {
              try {
                return method.invoke(function, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
    F cached = new CachedProxy(method, memoised).as(type);
    functions.put(cached, memoised);
    return cached;
  }

  /**
   * What more can be asked of a function that {@link #cache} gave.
   *
   * @throws KilnException for any other function
   */
  public MemoisedFunction of(Object cached) {
    MemoisedFunction function = functions.get(cached);
    if (function == null) {
      throw new KilnException(
          "this memory does not know the function; give the one that cache(…) returned");
    }
    return function;
  }

  private MemoisedFunction memoised(
      Object function,
      Class<?> shape,
      Consumer<Options> how,
      MemoisedFunction.Invocation invocation) {
    Options options = new Options();
    how.accept(options);
    Captured captured = Captured.of(function, shape, options, codes);
    ObjectValues objects = new ObjectValues(engine, codecs, function.getClass());
    Set<Integer> ignored = options.ignored(function, shape);
    int arity = Implementation.single(shape).getParameterCount();
    return new MemoisedFunction(
        store, engine, objects, options, arity, ignored, captured, invocation);
  }

  /** What the function takes, which may be null. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  private static <A> A argument(@Nullable Object[] arguments, int k) {
    return (A) arguments[k];
  }

  /** Describes a memory: what is not said has a default. */
  public static final class Builder {
    private final Store store;
    private final SequencedMap<Class<?>, Codec<?>> codecs = new LinkedHashMap<>();
    private @Nullable Engine engine;

    private Builder(Store store) {
      this.store = store;
    }

    /**
     * The engine of the arrays that come back; by default {@link Kiln#engine()} where the function
     * is called, so that a task gets arrays of the engine that runs it.
     */
    public Builder engine(Engine of) {
      this.engine = of;
      return this;
    }

    /** How objects of a type become something that can be kept. */
    public <T> Builder codec(Class<T> type, Codec<T> codec) {
      codecs.put(type, codec);
      return this;
    }

    /** The memory. */
    public Memory build() {
      return new Memory(this);
    }
  }
}
