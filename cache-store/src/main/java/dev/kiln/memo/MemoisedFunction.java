package dev.kiln.memo;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.io.Value;
import dev.kiln.io.ValueFile;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore.Wanted;
import dev.kiln.spi.Workers;
import dev.kiln.store.Entry;
import dev.kiln.store.EntryWriter;
import dev.kiln.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Memory} does with one function: {@link Memory#of} gives it for a function that
 * {@link Memory#cache} made.
 */
public final class MemoisedFunction {
  private final Store store;
  private final Supplier<Engine> engine;
  private final ObjectValues objects;
  private final Options options;
  private final int arity;
  private final Set<Integer> ignored;
  private final String name;
  private final Captured captured;
  private final Invocation invocation;

  /** Calls the function itself. */
  @FunctionalInterface
  interface Invocation {
    @Nullable Object call(@Nullable Object[] arguments) throws Throwable;
  }

  MemoisedFunction(
      Store store,
      Supplier<Engine> engine,
      ObjectValues objects,
      Options options,
      int arity,
      Set<Integer> ignored,
      Captured captured,
      Invocation invocation) {
    this.store = store;
    this.engine = engine;
    this.objects = objects;
    this.options = options;
    this.arity = arity;
    this.ignored = ignored;
    this.name = captured.name();
    this.captured = captured;
    this.invocation = invocation;
  }

  /** The function's name, which its entries have as their group. */
  public String name() {
    return name;
  }

  /** The key of a call: the function, its code, what it has captured, and its arguments. */
  public Key key(@Nullable Object... arguments) {
    return encoded(arguments).key();
  }

  /** Whether the result of a call is kept, without calling. */
  public boolean contains(@Nullable Object... arguments) {
    return store.entry(key(arguments)).filter(this::isValid).isPresent();
  }

  /** Removes all results of this function, of all versions of its code; their number. */
  public int clear() {
    return store.clear(name).size();
  }

  /**
   * Calls the function, or finds the result, and gives a light handle of it that loads it when it
   * is asked for.
   */
  public Shelved callAndShelve(@Nullable Object... arguments) {
    // Before the call, which may change its arguments.
    Key key = key(arguments);
    @Nullable Object value = call(arguments);
    // Where it could not be kept, the handle is not light.
    return store.contains(key) ? new Shelved(this, key) : Shelved.holding(this, key, value);
  }

  /** The result, which may be null where the function gives that. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  <R> R result(@Nullable Object... arguments) {
    return (R) call(arguments);
  }

  /** The result, found or computed. */
  @Nullable Object call(@Nullable Object... arguments) {
    @Nullable Object[] ready = arguments.clone();
    for (int k = 0; k < ready.length; k++) {
      // Computed once for the key and for the function.
      if (ready[k] instanceof NDArray array) {
        ready[k] = array.compute();
      }
    }
    Arguments given = encoded(ready);
    Key key = given.key();
    Optional<Result> found = find(key);
    if (found.isPresent()) {
      return found.get().object();
    }
    try (Store.Reserved flight = store.reserve(List.of(key))) {
      // Whoever was waited for has published.
      Optional<Result> published = find(key);
      return published.isPresent()
          ? published.get().object()
          : compute(flight, key, given.values(), ready);
    }
  }

  private @Nullable Object compute(
      Store.Reserved flight, Key key, List<Value> values, @Nullable Object[] arguments) {
    long start = System.nanoTime();
    @Nullable Object result = invoke(arguments);
    Value value;
    @Nullable Object given;
    try {
      value = objects.encoded(result);
      given = objects.decoded(value);
    } catch (KilnException e) {
      throw new KilnException("the result of " + name + " cannot be kept: " + e.getMessage(), e);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (took.compareTo(options.slowerThan()) < 0) {
      flight.leave(key, "it is computed in less than " + options.slowerThan());
    } else {
      String label = Labels.of(name, values);
      if (value instanceof Value.Array array
          && array.data() instanceof ObjectValues.Elements elements) {
        Wanted wanted = new Wanted(key, array.dtype(), array.shape(), label);
        flight.publish(wanted, name, engine.get().buffer(elements.array()), took, workers());
      } else {
        flight.publish(key, name, label, content(value), took, workers());
      }
    }
    return given;
  }

  /** A value's file; what a file cannot hold, half a character for example, is not kept. */
  private static EntryWriter.Content content(Value value) {
    return channel -> {
      try {
        ValueFile.write(channel, value);
      } catch (KilnException e) {
        throw new IOException(e.getMessage(), e);
      }
    };
  }

  private @Nullable Object invoke(@Nullable Object[] arguments) {
    try {
      return invocation.call(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw Sneaky.raise(e);
    }
  }

  /** Lets a checked exception of the function through, which the interface declares. */
  private static final class Sneaky {
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> RuntimeException raise(Throwable e) throws E {
      throw (E) e;
    }
  }

  /** A result, which may be null. */
  private record Result(@Nullable Object object) {}

  /** What is kept under a key; asked by {@link Shelved} too. */
  @Nullable Object load(Key key) {
    return find(key)
        .orElseThrow(
            () ->
                new KilnException(
                    "the result "
                        + key
                        + " of "
                        + name
                        + " is no longer kept; call the function again"))
        .object();
  }

  private Optional<Result> find(Key key) {
    return store.find(key, this::isValid, workers()).flatMap(found -> result(key, found));
  }

  private Optional<Result> result(Key key, Store.Found found) {
    try {
      return switch (found.entry().data()) {
        case Entry.Data.Array(DType dtype, Shape shape) ->
            Optional.of(
                new Result(
                    options.isLoaded()
                        ? engine.get().adopt(found.data(), dtype, shape).copy()
                        : engine.get().adopt(found.data(), dtype, shape)));
        case Entry.Data.Value() -> {
          MemorySegment file = found.data().segment();
          Value value = ValueFile.read(key.hex(), options.isLoaded() ? copy(file) : file);
          yield Optional.of(new Result(objects.decoded(value)));
        }
      };
    } catch (KilnException e) {
      store.reject(key, "it cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static MemorySegment copy(MemorySegment mapped) {
    return Arena.ofAuto().allocate(mapped.byteSize(), 64).copyFrom(mapped).asReadOnly();
  }

  private boolean isValid(Entry entry) {
    return entry.isYoungerThan(options.expiresAfter()) && options.valid().test(entry);
  }

  /** Arguments that count, and the key of a call with them. */
  private record Arguments(List<Value> values, Key key) {}

  private Arguments encoded(@Nullable Object[] arguments) {
    if (arguments.length != arity) {
      throw new KilnException(name + " takes " + arity + " arguments, given " + arguments.length);
    }
    Set<Class<?>> types = new HashSet<>();
    List<Object> path = List.of(this);
    ObjectValues noting = objects.on(path, types::add);
    List<Value> values = new ArrayList<>();
    for (int k = 0; k < arguments.length; k++) {
      if (ignored.contains(k)) {
        continue;
      }
      try {
        values.add(noting.encoded(arguments[k]));
      } catch (KilnException e) {
        throw new KilnException(
            "argument "
                + k
                + " of "
                + name
                + ": "
                + e.getMessage()
                + "; or leave it out of the key with ignore("
                + k
                + ")",
            e);
      }
    }
    return new Arguments(values, key(captured.now(noting, types), values));
  }

  private Key key(Value function, List<Value> arguments) {
    ValueDigest digest = new ValueDigest(this::contents);
    List<byte[]> parts = new ArrayList<>();
    parts.add(ValueDigest.bytes(Engine.NUMERICS));
    parts.add(ValueDigest.bytes(CapturedObjects.numerics(engine.get())));
    parts.add(digest.of(function));
    arguments.forEach(value -> parts.add(digest.of(value)));
    byte[] all = ValueDigest.sha("kiln function", parts.toArray(byte[][]::new));
    return new Key(HexFormat.of().formatHex(all));
  }

  private byte[] contents(Value.Array array) {
    return array.data() instanceof ObjectValues.Elements(NDArray computed)
        ? store.contents(engine.get().buffer(computed), workers())
        : store.contents(array.data().get(), workers());
  }

  private Workers workers() {
    return engine.get().workers();
  }

  /**
   * What it is, where another function has captured it.
   *
   * @param path the functions that are being described; one of them captures itself if it is found
   *     again
   */
  Value identity(List<Object> path) {
    int before = path.indexOf(this);
    if (before >= 0) {
      return CapturedObjects.again(before);
    }
    List<Object> through = Stream.concat(path.stream(), Stream.of(this)).toList();
    return new Value.Structure(
        MemoisedFunction.class.getName(),
        List.of(
            new Value.Field("numerics", new Value.Text(CapturedObjects.numerics(engine.get()))),
            new Value.Field("function", captured.now(objects.on(through, type -> {}), Set.of()))));
  }

  @Override
  public String toString() {
    return name + ", memoised in " + store.folder();
  }
}
