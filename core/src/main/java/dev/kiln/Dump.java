package dev.kiln;

import dev.kiln.io.Container;
import dev.kiln.io.NpyArray;
import dev.kiln.io.NpyFile;
import dev.kiln.io.NpzFile;
import dev.kiln.io.Packing;
import dev.kiln.io.Unpacking;
import dev.kiln.io.Value;
import dev.kiln.io.ValueCodec;
import dev.kiln.io.ValueFile;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Values with arrays in them, to files and back. */
final class Dump {
  private Dump() {}

  static void write(@Nullable Object value, Path path, boolean compressed, WriteListener listener) {
    if (value == null) {
      throw new KilnException("nothing to write to " + path + ": the value is null");
    }
    String name = path.toString();
    if (name.endsWith(".npz")) {
      List<NpzFile.Named> arrays = named(value, path);
      long total = arrays.stream().mapToLong(NpzFile.Named::bytes).sum();
      NpzFile.write(path, arrays, compressed, new Written(listener, total));
    } else if (name.endsWith(".npy")) {
      if (compressed) {
        throw new KilnException(
            "a .npy file is never compressed, given "
                + path
                + "; call dump, or name a file without .npy");
      }
      if (!(value instanceof NDArray array)) {
        throw new KilnException(
            path
                + " can hold one array, given "
                + value.getClass().getTypeName()
                + "; name a file without .npy");
      }
      write(array, path, listener);
    } else {
      Optional<Packing> packing =
          compressed ? Optional.of(Packing.by(Kiln.engine().workers())) : Optional.empty();
      Value encoded = new ValueCodec(new Encoding()).encode(value);
      ValueFile.write(path, encoded, packing, new Written(listener, ValueFile.elements(encoded)));
    }
  }

  /** One array, as {@code .npy}. */
  static void write(NDArray array, Path path, WriteListener listener) {
    NDArray computed = array.compute();
    NpyFile.write(
        path,
        computed.dtype(),
        computed.shape(),
        computed.data(),
        new Written(listener, computed.data().byteSize()));
  }

  /** Adds up what was written. */
  private static final class Written implements LongConsumer {
    private final WriteListener listener;
    private final long total;
    private long sum;

    Written(WriteListener listener, long total) {
      this.listener = listener;
      this.total = total;
    }

    @Override
    public void accept(long bytes) {
      sum += bytes;
      listener.update(sum, total);
    }
  }

  private static List<NpzFile.Named> named(Object value, Path path) {
    List<NpzFile.Named> arrays = new ArrayList<>();
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (entry.getKey() instanceof String name && entry.getValue() instanceof NDArray array) {
          arrays.add(
              new NpzFile.Named(name, array.dtype(), array.shape(), () -> array.compute().data()));
        }
      }
      if (arrays.size() == map.size()) {
        return arrays;
      }
    }
    throw new KilnException(
        path + " can hold a map from names to arrays alone; name a file without .npz");
  }

  static <T> T read(Engine engine, Path path, Class<T> type) {
    Object value = read(engine, path, new Decoding(engine, type));
    if (!type.isInstance(value)) {
      throw new KilnException(
          path
              + " holds "
              + (value == null ? "null" : "a " + value.getClass().getTypeName())
              + ", not a "
              + type.getTypeName()
              + "; load it as Object.class to see");
    }
    return type.cast(value);
  }

  private static @Nullable Object read(Engine engine, Path path, Decoding decoding) {
    Unpacking unpacking =
        new Unpacking(bytes -> engine.allocate(bytes).segment(), engine.workers());
    return switch (Container.read(path, unpacking)) {
      case Container.One(NpyArray array) -> engine.loaded(array);
      case Container.Named(SequencedMap<String, NpyArray> named) -> {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        named.forEach((name, array) -> arrays.put(name, engine.loaded(array)));
        yield Collections.unmodifiableMap(arrays);
      }
      case Container.Parts(Value value) -> new ValueCodec(decoding).decode(value);
    };
  }

  /** Arrays are computed when they are written, one after another. */
  private static final class Encoding implements ValueCodec.Extension {
    @Override
    public Optional<Value> encode(Object object) {
      return object instanceof NDArray array
          ? Optional.of(
              new Value.Array(array.dtype(), array.shape(), false, () -> array.compute().data()))
          : Optional.empty();
    }

    @Override
    public Object decode(Value.Array array) {
      throw new AssertionError("nothing is decoded here");
    }

    @Override
    public Optional<Class<?>> type(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<Object> decode(String type, Map<String, @Nullable Object> fields) {
      return Optional.empty();
    }
  }

  /** Only records and enums that the type asked for is made of are made: files are data. */
  private static final class Decoding implements ValueCodec.Extension {
    private final Engine engine;
    private final Map<String, Class<?>> types = new HashMap<>();
    private final Set<Type> seen = new HashSet<>();

    Decoding(Engine engine, Class<?> type) {
      this.engine = engine;
      learn((Type) type);
    }

    private void learn(Type... all) {
      for (Type type : all) {
        switch (type) {
          case ParameterizedType parameterized -> {
            learn(parameterized.getRawType());
            learn(parameterized.getActualTypeArguments());
          }
          case WildcardType wildcard -> {
            learn(wildcard.getUpperBounds());
            learn(wildcard.getLowerBounds());
          }
          case TypeVariable<?> variable when seen.add(variable) -> learn(variable.getBounds());
          case Class<?> known when seen.add(known) -> learn(known);
          default -> {
            // Seen before, or an array type: the elements of Java arrays are primitives.
          }
        }
      }
    }

    private void learn(Class<?> known) {
      if (known.isRecord() || known.isEnum()) {
        types.put(known.getName(), known);
      }
      if (known.isRecord()) {
        for (RecordComponent component : known.getRecordComponents()) {
          learn(component.getGenericType());
        }
      }
      if (known.isSealed()) {
        learn((Type[]) known.getPermittedSubclasses());
      }
    }

    @Override
    public Optional<Value> encode(Object object) {
      return Optional.empty();
    }

    @Override
    public Object decode(Value.Array array) {
      return engine.wrap(array.data().get(), array.dtype(), array.shape());
    }

    @Override
    public Optional<Class<?>> type(String name) {
      return Optional.ofNullable(types.get(name));
    }

    @Override
    public Optional<Object> decode(String type, Map<String, @Nullable Object> fields) {
      return Optional.empty();
    }
  }
}
