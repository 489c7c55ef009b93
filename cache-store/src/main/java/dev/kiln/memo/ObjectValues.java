package dev.kiln.memo;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.io.Value;
import dev.kiln.io.ValueCodec;
import java.lang.foreign.MemorySegment;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What functions take and give, as values: arrays and what has a {@link Codec}. */
final class ObjectValues implements ValueCodec.Extension {
  private final Supplier<Engine> engine;
  private final SequencedMap<Class<?>, Codec<?>> codecs;
  private final @Nullable ClassLoader loader;
  private final @Nullable CodeSource base;
  private final ValueCodec codec = new ValueCodec(this);

  /**
   * The values of a function.
   *
   * @param engine where arrays are made
   * @param home the function's class: records and enums of its code base are trusted
   */
  ObjectValues(Supplier<Engine> engine, SequencedMap<Class<?>, Codec<?>> codecs, Class<?> home) {
    this.engine = engine;
    this.codecs = codecs;
    this.loader = home.getClassLoader();
    this.base = home.getProtectionDomain().getCodeSource();
  }

  /** The elements of an array, which is kept so that its contents are read only once. */
  record Elements(NDArray array) implements Supplier<MemorySegment> {
    @Override
    public MemorySegment get() {
      return array.data();
    }
  }

  /** Whether an object as such can be taken apart; its parts may still be refused. */
  boolean knows(Object object) {
    return codec.knows(object);
  }

  Value encoded(@Nullable Object object) {
    return codec.encode(object);
  }

  @Nullable Object decoded(Value value) {
    return codec.decode(value);
  }

  @Override
  public Optional<Value> encode(Object object) {
    if (object instanceof NDArray array) {
      NDArray computed = array.compute();
      return Optional.of(
          new Value.Array(computed.dtype(), computed.shape(), false, new Elements(computed)));
    }
    if (object instanceof Cached cached) {
      return Optional.of(cached.memoised().identity());
    }
    for (Map.Entry<Class<?>, Codec<?>> entry : codecs.entrySet()) {
      if (entry.getKey().isInstance(object)) {
        return Optional.of(encode(entry.getKey(), entry.getValue(), object));
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("unchecked") // The map's keys are their codecs' types.
  private <T> Value encode(Class<?> type, Codec<T> own, Object object) {
    List<Value.Field> fields = new ArrayList<>();
    own.parts((T) object)
        .forEach((name, part) -> fields.add(new Value.Field(name, codec.encode(part))));
    return new Value.Structure(type.getName(), fields);
  }

  @Override
  public Object decode(Value.Array array) {
    // A result that was just computed is itself.
    return array.data() instanceof Elements(NDArray computed)
        ? computed.on(engine.get())
        : engine.get().wrap(array.data().get(), array.dtype(), array.shape());
  }

  @Override
  public Optional<Object> decode(String type, Map<String, @Nullable Object> fields) {
    return codecs.entrySet().stream()
        .filter(entry -> entry.getKey().getName().equals(type))
        .findFirst()
        .map(entry -> entry.getValue().make(fields));
  }

  /**
   * A file may name any class. Only records and enums from where the function itself comes from are
   * made.
   */
  @Override
  public Optional<Class<?>> type(String name) {
    try {
      Class<?> type = Class.forName(name, false, loader);
      CodeSource source = type.getProtectionDomain().getCodeSource();
      boolean isOfBase = source == null ? base == null : source.equals(base);
      // The JDK's own have no code source; none of its enums runs anything.
      boolean isTrusted = isOfBase || (type.isEnum() && source == null);
      if (isTrusted && (type.isRecord() || type.isEnum())) {
        return Optional.of(type);
      }
    } catch (ClassNotFoundException | LinkageError e) {
      throw new KilnException(name + " is no class that can be loaded here", e);
    }
    throw new KilnException(
        name
            + " comes from elsewhere than the function, so it is not made from a file; register a"
            + " codec for it");
  }
}
