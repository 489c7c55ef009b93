package dev.kiln.memo;

import dev.kiln.KilnException;
import dev.kiln.io.Value;
import dev.kiln.memo.MethodText.FieldName;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a function is, apart from its arguments.
 *
 * @param name for people and for groups of entries
 * @param code a digest of it, or the version that was given instead
 * @param objects what a lambda has captured, the object whose method it is included
 * @param fields of objects that the code reads; null where it was not looked at
 */
record Captured(
    String name, String code, List<@Nullable Object> objects, @Nullable Set<FieldName> fields) {
  /** What a function is, by its options. */
  static Captured of(Object function, Class<?> shape, Options options) {
    if (options.version().isPresent()) {
      return pinned(function, shape, options, options.version().get());
    }
    Implementation implementation = Implementation.of(function, shape);
    String name = options.name().orElse(implementation.name());
    CodeDigest code = CodeDigest.of(implementation);
    return new Captured(name, "code " + code.hex(), implementation.captured(), code.fields());
  }

  private static Captured pinned(Object function, Class<?> shape, Options options, String version) {
    if (options.name().isPresent() && !(function instanceof Serializable)) {
      return new Captured(options.name().get(), "version " + version, List.of(), null);
    }
    Implementation implementation = Implementation.of(function, shape);
    if (options.name().isEmpty() && implementation.isLambda()) {
      throw new KilnException(
          "a lambda has no name of its own: say name(\"…\") beside version(\""
              + version
              + "\"), or give a reference to a method");
    }
    return new Captured(
        options.name().orElse(implementation.name()),
        "version " + version + " of " + implementation.descriptor(),
        implementation.captured(),
        null);
  }

  /** What was captured, as it is now. */
  List<Value> values(ObjectValues codec) {
    List<Value> values = new ArrayList<>();
    for (Object object : objects) {
      values.add(value(object, codec));
    }
    return values;
  }

  private Value value(@Nullable Object object, ObjectValues codec) {
    if (object == null || codec.knows(object)) {
      return codec.encoded(object);
    }
    // An object of another kind counts by those of its fields that the code reads, if it was read.
    List<Value.Field> read = new ArrayList<>();
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && isRead(field, object.getClass())) {
          read.add(new Value.Field(field.getName(), value(field, object, codec)));
        }
      }
    }
    read.sort((a, b) -> a.name().compareTo(b.name()));
    return new Value.Structure(object.getClass().getName(), read);
  }

  /** A class file may name a subclass as the field's owner. */
  private boolean isRead(Field field, Class<?> type) {
    if (fields == null) {
      return false;
    }
    for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
      if (fields.contains(
          new FieldName(owner.describeConstable().orElseThrow(), field.getName()))) {
        return true;
      }
    }
    return false;
  }

  private Value value(Field field, Object object, ObjectValues codec) {
    try {
      field.setAccessible(true);
      return codec.encoded(field.get(object));
    } catch (KilnException e) {
      throw new KilnException(
          name
              + " reads the field "
              + field.getName()
              + " of "
              + field.getDeclaringClass().getName()
              + ", which would have to be part of its key: "
              + e.getMessage()
              + "; or pass what it needs as an argument, or say version(\"…\")",
          e);
    } catch (IllegalAccessException | RuntimeException e) {
      throw new KilnException(
          name + " has captured an object that cannot be looked at: " + object.getClass(), e);
    }
  }
}
