package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes Java objects apart into {@link Value}s and puts them together again: primitives in their
 * boxes, strings, enums, records, lists, sets, maps, optionals, Java arrays of primitives, arrays,
 * null, and mixtures of these. Anything else is refused. Lists, sets and maps come back in the
 * order that they had, and cannot be changed.
 */
public final class ValueCodec {
  /** Deeper is a fault, or a list that contains itself. */
  static final int DEEPEST = 200;

  /** What else is taken apart. */
  public interface Extension {
    /** The object as a value, if it is of a kind that this knows. */
    Optional<Value> encode(Object object);

    /** An array as an object. */
    Object decode(Value.Array array);

    /**
     * The record or enum of that name, if it is one that this trusts. Otherwise records become maps
     * and enums strings.
     */
    Optional<Class<?>> type(String name);

    /**
     * What a structure becomes whose type is neither record nor enum, given its fields' objects.
     */
    Optional<Object> decode(String type, Map<String, @Nullable Object> fields);
  }

  private final Extension extension;

  /** A codec for Java's own types and those of an extension. */
  public ValueCodec(Extension extension) {
    this.extension = extension;
  }

  /**
   * Takes an object apart.
   *
   * @throws KilnException where it, or a part of it, is of another kind; the message names the part
   */
  public Value encode(@Nullable Object object) {
    return encode(object, "the value", 0);
  }

  private Value encode(@Nullable Object object, String place, int depth) {
    if (depth > DEEPEST) {
      throw new KilnException(
          "a value more than "
              + DEEPEST
              + " levels deep; does a list or map contain itself? Keep its parts one by one");
    }
    if (object == null) {
      return new Value.Nothing();
    }
    Optional<Value> known = extension.encode(object);
    if (known.isPresent()) {
      return known.get();
    }
    return switch (object) {
      case Boolean x -> new Value.Scalar(Value.Kind.BOOL, x ? 1 : 0);
      case Byte x -> new Value.Scalar(Value.Kind.INT8, x);
      case Short x -> new Value.Scalar(Value.Kind.INT16, x);
      case Integer x -> new Value.Scalar(Value.Kind.INT32, x);
      case Long x -> new Value.Scalar(Value.Kind.INT64, x);
      case Float x -> new Value.Scalar(Value.Kind.FLOAT32, Float.floatToIntBits(x));
      case Double x -> new Value.Scalar(Value.Kind.FLOAT64, Double.doubleToLongBits(x));
      case Character x -> new Value.Scalar(Value.Kind.CHAR, x);
      case String text -> new Value.Text(text);
      case Enum<?> constant ->
          new Value.Constant(constant.getDeclaringClass().getName(), constant.name());
      case Record record -> structure(record, place, depth);
      case List<?> list -> new Value.Sequence(all(list, place, depth));
      case Set<?> set -> new Value.Bag(all(set, place, depth));
      case Map<?, ?> map -> table(map, place, depth);
      case Optional<?> optional ->
          new Value.Maybe(optional.map(x -> encode(x, place + ".get()", depth + 1)));
      default -> plainArray(object).orElseThrow(() -> refused(object, place));
    };
  }

  /** Whether an object as such can be taken apart; its parts may still be refused. */
  public boolean knows(Object object) {
    return switch (object) {
      case Boolean x -> true;
      case Number x ->
          x instanceof Byte
              || x instanceof Short
              || x instanceof Integer
              || x instanceof Long
              || x instanceof Float
              || x instanceof Double;
      case Character x -> true;
      case String x -> true;
      case Enum<?> x -> true;
      case Record x -> true;
      case List<?> x -> true;
      case Set<?> x -> true;
      case Map<?, ?> x -> true;
      case Optional<?> x -> true;
      default -> extension.encode(object).isPresent() || plainArray(object).isPresent();
    };
  }

  private static KilnException refused(Object object, String place) {
    return new KilnException(
        place
            + " is a "
            + object.getClass().getTypeName()
            + ", which cannot be kept; use arrays, primitives, strings, enums, records, lists,"
            + " sets, maps or optionals, or register a codec for it");
  }

  private List<Value> all(Collection<?> objects, String place, int depth) {
    List<Value> values = new ArrayList<>();
    for (Object object : objects) {
      values.add(encode(object, place + "[" + values.size() + "]", depth + 1));
    }
    return values;
  }

  private Value table(Map<?, ?> map, String place, int depth) {
    List<Value.Pair> pairs = new ArrayList<>();
    map.forEach(
        (key, value) ->
            pairs.add(
                new Value.Pair(
                    encode(key, place + ".keySet()", depth + 1),
                    encode(value, place + "[" + label(key) + "]", depth + 1))));
    return new Value.Table(pairs);
  }

  /** A key for messages: nobody's own code is asked for its text. */
  private static String label(@Nullable Object key) {
    return switch (key) {
      case null -> "null";
      case String text -> text;
      case Number number -> number.toString();
      case Enum<?> constant -> constant.name();
      default -> "a " + key.getClass().getSimpleName();
    };
  }

  private Value structure(Record record, String place, int depth) {
    List<Value.Field> fields = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = component.getName();
      fields.add(
          new Value.Field(
              name, encode(component(record, component), place + "." + name, depth + 1)));
    }
    return new Value.Structure(record.getClass().getName(), fields);
  }

  private static @Nullable Object component(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException e) {
      throw new AssertionError("a record's accessor that was made accessible", e);
    } catch (InvocationTargetException e) {
      throw new KilnException(
          "the accessor " + component.getName() + " of " + record.getClass() + " failed", e);
    }
  }

  private static Optional<Value> plainArray(Object object) {
    return switch (object) {
      case byte[] array -> plain(DType.INT8, array.length, MemorySegment.ofArray(array));
      case short[] array -> plain(DType.INT16, array.length, MemorySegment.ofArray(array));
      case int[] array -> plain(DType.INT32, array.length, MemorySegment.ofArray(array));
      case long[] array -> plain(DType.INT64, array.length, MemorySegment.ofArray(array));
      case float[] array -> plain(DType.FLOAT32, array.length, MemorySegment.ofArray(array));
      case double[] array -> plain(DType.FLOAT64, array.length, MemorySegment.ofArray(array));
      case boolean[] array -> {
        byte[] bytes = new byte[array.length];
        for (int i = 0; i < array.length; i++) {
          bytes[i] = (byte) (array[i] ? 1 : 0);
        }
        yield plain(DType.BOOL, array.length, MemorySegment.ofArray(bytes));
      }
      default -> Optional.empty();
    };
  }

  /** A copy, as bytes: the array may change, and channels write heap memory only from bytes. */
  private static Optional<Value> plain(DType dtype, int length, MemorySegment elements) {
    MemorySegment data = MemorySegment.ofArray(elements.toArray(ValueLayout.JAVA_BYTE));
    return Optional.of(new Value.Array(dtype, Shape.of(length), true, () -> data));
  }

  /**
   * Puts a value together.
   *
   * @throws KilnException where it does not fit the types that it names
   */
  public @Nullable Object decode(Value value) {
    return switch (value) {
      case Value.Nothing() -> null;
      case Value.Scalar scalar -> scalar(scalar);
      case Value.Text(String text) -> text;
      case Value.Constant constant -> constant(constant);
      case Value.Sequence(List<Value> elements) ->
          Collections.unmodifiableList(decodeAll(elements, new ArrayList<>()));
      case Value.Bag(List<Value> elements) -> {
        Set<@Nullable Object> set = decodeAll(elements, new LinkedHashSet<@Nullable Object>());
        checkDistinct("elements of a set", elements.size(), set.size());
        yield Collections.unmodifiableSet(set);
      }
      case Value.Table(List<Value.Pair> pairs) -> {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        pairs.forEach(pair -> map.put(decode(pair.key()), decode(pair.value())));
        checkDistinct("keys of a map", pairs.size(), map.size());
        yield Collections.unmodifiableMap(map);
      }
      case Value.Maybe(Optional<Value> inner) -> inner.map(this::decode);
      case Value.Structure structure -> structure(structure);
      case Value.Array array -> array.isPlain() ? plainArray(array) : extension.decode(array);
    };
  }

  /** Records that become maps, and enums that become strings, may be equal then. */
  private static void checkDistinct(String what, int written, int read) {
    if (read < written) {
      throw new KilnException(
          written
              + " "
              + what
              + " are "
              + read
              + " when records are read as maps and enums as strings; load it as a record that has"
              + " it as a component, whose type names those records and enums");
    }
  }

  private <C extends Collection<@Nullable Object>> C decodeAll(List<Value> values, C into) {
    values.forEach(value -> into.add(decode(value)));
    return into;
  }

  private static Object scalar(Value.Scalar scalar) {
    return switch (scalar.kind()) {
      case BOOL -> scalar.bits() != 0;
      case INT8 -> (byte) scalar.bits();
      case INT16 -> (short) scalar.bits();
      case INT32 -> (int) scalar.bits();
      case INT64 -> scalar.bits();
      case FLOAT32 -> Float.intBitsToFloat((int) scalar.bits());
      case FLOAT64 -> Double.longBitsToDouble(scalar.bits());
      case CHAR -> (char) scalar.bits();
    };
  }

  private Object constant(Value.Constant constant) {
    Optional<Class<?>> type = extension.type(constant.type());
    if (type.isEmpty()) {
      return constant.name();
    }
    Object[] constants = type.get().getEnumConstants();
    if (constants != null) {
      for (Object candidate : constants) {
        if (((Enum<?>) candidate).name().equals(constant.name())) {
          return candidate;
        }
      }
    }
    throw new KilnException(
        constant.type() + " has no constant " + constant.name() + "; was it renamed?");
  }

  private Object structure(Value.Structure structure) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    structure.fields().forEach(field -> fields.put(field.name(), decode(field.value())));
    Optional<Object> known = extension.decode(structure.type(), fields);
    if (known.isPresent()) {
      return known.get();
    }
    Optional<Class<?>> type = extension.type(structure.type());
    return type.isEmpty() ? Collections.unmodifiableMap(fields) : record(type.get(), fields);
  }

  private static Object record(Class<?> type, Map<String, @Nullable Object> fields) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> names =
        components == null
            ? List.of()
            : Arrays.stream(components).map(RecordComponent::getName).toList();
    if (components == null || !names.equals(List.copyOf(fields.keySet()))) {
      throw new KilnException(
          type.getName()
              + " was written with the components "
              + fields.keySet()
              + " and has "
              + (components == null ? "none: it is no record" : names)
              + " now");
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    for (RecordComponent component : components) {
      checkType(type, component, fields.get(component.getName()));
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(fields.values().toArray());
    } catch (InvocationTargetException e) {
      throw new KilnException(
          "the constructor of " + type.getName() + " refused what was written: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new KilnException(
          "cannot make a record of "
              + type.getName()
              + "; its class has changed or is out of reach",
          e);
    }
  }

  private static void checkType(Class<?> type, RecordComponent component, @Nullable Object read) {
    Class<?> expected = component.getType();
    boolean fits =
        read == null
            ? !expected.isPrimitive()
            : MethodType.methodType(expected).wrap().returnType().isInstance(read);
    if (!fits) {
      throw new KilnException(
          "the component "
              + component.getName()
              + " of "
              + type.getName()
              + " is a "
              + expected.getTypeName()
              + " and was written as "
              + (read == null ? "null" : "a " + read.getClass().getTypeName())
              + "; was its type changed, or is it a record or enum that no type names which is"
              + " loaded?");
    }
  }

  private static Object plainArray(Value.Array array) {
    MemorySegment data = array.data().get();
    return switch (array.dtype()) {
      case INT8 -> data.toArray(ValueLayout.JAVA_BYTE);
      case INT16 -> data.toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
      case INT32 -> data.toArray(ValueLayout.JAVA_INT_UNALIGNED);
      case INT64 -> data.toArray(ValueLayout.JAVA_LONG_UNALIGNED);
      case FLOAT32 -> data.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
      case FLOAT64 -> data.toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
      case BOOL -> {
        boolean[] flags = new boolean[Math.toIntExact(data.byteSize())];
        for (int i = 0; i < flags.length; i++) {
          flags[i] = data.get(ValueLayout.JAVA_BYTE, i) != 0;
        }
        yield flags;
      }
      case UINT8, UINT16, UINT32, UINT64, COMPLEX64, COMPLEX128 ->
          throw new KilnException("no Java array has elements of " + array.dtype());
    };
  }
}
