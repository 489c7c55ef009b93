package dev.kiln;

import dev.kiln.io.Container;
import dev.kiln.io.NpyArray;
import dev.kiln.io.NpyFile;
import dev.kiln.io.NpzFile;
import dev.kiln.io.Value;
import dev.kiln.io.ValueCodec;
import dev.kiln.io.ValueFile;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Values with arrays in them, to files and back. */
final class Dump {
  private Dump() {}

  static void write(Object value, Path path, boolean compressed) {
    String name = path.toString();
    if (name.endsWith(".npz")) {
      NpzFile.write(path, named(value, path), compressed);
    } else if (compressed) {
      throw new KilnException(
          "only named arrays in a .npz file can be compressed, given "
              + path
              + "; call dump, or name a .npz file");
    } else if (name.endsWith(".npy")) {
      if (!(value instanceof NDArray array)) {
        throw new KilnException(
            path
                + " can hold one array, given "
                + value.getClass().getTypeName()
                + "; name a file without .npy");
      }
      NDArray computed = array.compute();
      NpyFile.write(path, computed.dtype(), computed.shape(), computed.data());
    } else {
      ValueFile.write(path, new ValueCodec(new Encoding()).encode(value));
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
    return switch (Container.read(path, bytes -> engine.allocate(bytes).segment())) {
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

    Decoding(Engine engine, Class<?> type) {
      this.engine = engine;
      learn(type);
    }

    private void learn(Type type) {
      if (type instanceof ParameterizedType parameterized) {
        learn(parameterized.getRawType());
        for (Type argument : parameterized.getActualTypeArguments()) {
          learn(argument);
        }
      } else if (type instanceof Class<?> known
          && (known.isRecord() || known.isEnum())
          && types.put(known.getName(), known) == null
          && known.isRecord()) {
        for (RecordComponent component : known.getRecordComponents()) {
          learn(component.getGenericType());
        }
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
