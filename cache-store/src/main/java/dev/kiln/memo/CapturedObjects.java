package dev.kiln.memo;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.io.Value;
import dev.kiln.memo.MethodText.FieldName;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a function has captured, as it is now. Data counts by its contents; a function by what it
 * computes; an engine by its numerics; another object by its class and those of its fields that the
 * code reads, or all where the code of its class is not read. Nothing counts by a name that was
 * made while the program ran.
 */
final class CapturedObjects {
  private final String function;
  private final Codes codes;
  private final @Nullable CodeDigest digest;
  private final ObjectValues values;
  private final Consumer<Class<?>> met;

  /**
   * Of one function.
   *
   * @param function its name, for messages
   * @param digest of its code, or null where that is not looked at
   * @param met told of the classes of other objects
   */
  CapturedObjects(
      String function,
      Codes codes,
      @Nullable CodeDigest digest,
      ObjectValues values,
      Consumer<Class<?>> met) {
    this.function = function;
    this.codes = codes;
    this.digest = digest;
    this.values = values;
    this.met = met;
  }

  /** A captured object. */
  Value value(@Nullable Object object) {
    return object == null ? new Value.Nothing() : known(object).orElseGet(() -> other(object));
  }

  /** The object whose method a function is that a version stands for. */
  Value receiver(@Nullable Object object) {
    return object == null
        ? new Value.Nothing()
        : known(object)
            .orElseGet(() -> new Value.Structure(object.getClass().getName(), List.of()));
  }

  /** By which rules an engine computes. */
  static String numerics(Engine engine) {
    return engine.isRelaxed() ? "relaxed" : "exact";
  }

  /** A function that is being described further up. */
  static Value again(int place) {
    return new Value.Structure(
        CapturedObjects.class.getName(),
        List.of(new Value.Field("again", new Value.Scalar(Value.Kind.INT32, place))));
  }

  private Optional<Value> known(Object object) {
    Optional<MemoisedFunction> memoised = Cached.memoised(object);
    if (memoised.isPresent()) {
      return Optional.of(memoised.get().identity(values.path()));
    }
    if (object instanceof Engine engine) {
      // Of all that an engine is, only this is promised to change a result.
      return Optional.of(
          new Value.Structure(
              Engine.class.getName(),
              List.of(new Value.Field("numerics", new Value.Text(numerics(engine))))));
    }
    Optional<Implementation> lambda = lambda(object);
    if (lambda.isPresent()) {
      return Optional.of(lambda(object, lambda.get()));
    }
    if (values.knows(object)) {
      return Optional.of(values.encoded(object));
    }
    if (Implementation.isGenerated(object.getClass())) {
      throw new KilnException(
          function
              + " has captured "
              + object.getClass().getTypeName()
              + ", of which nothing tells what it does; "
              + CURE);
    }
    return Optional.empty();
  }

  private static final String CURE =
      "declare a captured function as Function1 or another interface that extends"
          + " java.io.Serializable, or write a class that has it, or pass what it needs as an"
          + " argument";

  private Optional<Implementation> lambda(Object object) {
    try {
      return Implementation.ofLambda(object);
    } catch (KilnException e) {
      throw new KilnException(
          function + " has captured a function: " + e.getMessage() + "; or " + CURE, e);
    }
  }

  private Value lambda(Object object, Implementation implementation) {
    int before = values.path().indexOf(object);
    if (before >= 0) {
      return again(before);
    }
    try {
      List<Object> through = Stream.concat(values.path().stream(), Stream.of(object)).toList();
      return Captured.lambda(implementation, codes).now(values.on(through, type -> {}), Set.of());
    } catch (KilnException e) {
      throw new KilnException(
          function + " has captured a function: " + e.getMessage() + "; or " + CURE, e);
    }
  }

  private Value other(Object object) {
    if (digest != null && !digest.given().contains(object.getClass())) {
      // Once more when its code was read.
      met.accept(object.getClass());
      return new Value.Nothing();
    }
    List<Value.Field> counted = new ArrayList<>();
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && counts(field, object.getClass())) {
          // A class may have a field of the same name as the one that it extends.
          String name = type.getName() + "." + field.getName();
          counted.add(new Value.Field(name, value(field, object)));
        }
      }
    }
    counted.sort((a, b) -> a.name().compareTo(b.name()));
    return new Value.Structure(object.getClass().getName(), counted);
  }

  /** A class file may name a subclass as the field's owner. */
  private boolean counts(Field field, Class<?> type) {
    if (digest == null || !digest.read().contains(field.getDeclaringClass().getName())) {
      return true;
    }
    for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
      if (digest
          .fields()
          .contains(new FieldName(owner.describeConstable().orElseThrow(), field.getName()))) {
        return true;
      }
    }
    return false;
  }

  private Value value(Field field, Object object) {
    try {
      field.setAccessible(true);
      @Nullable Object held = field.get(object);
      return held == null ? new Value.Nothing() : known(held).orElseGet(() -> values.encoded(held));
    } catch (KilnException e) {
      throw new KilnException(
          function
              + " reads the field "
              + field.getName()
              + " of "
              + field.getDeclaringClass().getName()
              + ", which would have to be part of its key: "
              + e.getMessage()
              + "; or pass what it needs as an argument, or say version(\"…\")",
          e);
    } catch (IllegalAccessException | InaccessibleObjectException e) {
      throw new KilnException(
          function
              + " has captured an object that cannot be looked at: "
              + object.getClass()
              + "; pass what it needs as an argument, or register a codec for it",
          e);
    }
  }
}
