package dev.kiln.memo;

import dev.kiln.KilnException;
import dev.kiln.io.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a function is, apart from its arguments.
 *
 * @param name for people and for groups of entries
 * @param code where its code is told from
 * @param objects what a lambda has captured, the object whose method it is included
 * @param codes digests of code
 */
record Captured(String name, Code code, List<@Nullable Object> objects, Codes codes) {
  /** Where a function's code is told from. */
  sealed interface Code {
    /** From what was compiled. */
    record Compiled(Implementation implementation) implements Code {}

    /**
     * By the version that was given instead.
     *
     * @param hasReceiver whether the first object is the one whose method it is, of which no field
     *     counts then
     */
    record Version(String text, boolean hasReceiver) implements Code {}
  }

  /** What a function is, by its options. */
  static Captured of(Object function, Class<?> shape, Options options, Codes codes) {
    if (options.version().isPresent()) {
      return pinned(function, shape, options, options.version().get(), codes);
    }
    Implementation implementation = Implementation.of(function, shape);
    // Whoever may not be read is told so now.
    codes.of(implementation, Set.of());
    return new Captured(
        options.name().orElse(implementation.name()),
        new Code.Compiled(implementation),
        implementation.captured(),
        codes);
  }

  private static Captured pinned(
      Object function, Class<?> shape, Options options, String version, Codes codes) {
    if (options.name().isPresent() && !(function instanceof Serializable)) {
      return new Captured(
          options.name().get(), new Code.Version("version " + version, false), List.of(), codes);
    }
    Implementation implementation = Implementation.of(function, shape);
    boolean isNameless =
        implementation.isLambda() || Implementation.isGenerated(implementation.type());
    if (options.name().isEmpty() && isNameless) {
      throw new KilnException(
          "a lambda has no name of its own: say name(\"…\") beside version(\""
              + version
              + "\"), or give a reference to a method");
    }
    return new Captured(
        options.name().orElse(implementation.name()),
        new Code.Version(
            "version " + version + " of " + implementation.descriptor(),
            implementation.hasReceiver()),
        implementation.captured(),
        codes);
  }

  /**
   * A captured function that was not memoised.
   *
   * @throws KilnException where its code cannot be read
   */
  static Captured lambda(Implementation implementation, Codes codes) {
    codes.of(implementation, Set.of());
    return new Captured(
        implementation.name(), new Code.Compiled(implementation), implementation.captured(), codes);
  }

  /**
   * Code and captured objects as they are now.
   *
   * @param values takes objects apart; its path ends with this function
   * @param given classes of the arguments
   */
  Value now(ObjectValues values, Set<Class<?>> given) {
    return switch (code) {
      case Code.Version(String text, boolean hasReceiver) -> {
        CapturedObjects now = new CapturedObjects(name, codes, null, values, type -> {});
        List<Value> parts = new ArrayList<>();
        for (Object object : objects) {
          boolean isReceiver = hasReceiver && parts.isEmpty();
          parts.add(isReceiver ? now.receiver(object) : now.value(object));
        }
        yield value(text, parts);
      }
      case Code.Compiled(Implementation implementation) -> {
        Set<Class<?>> types = new HashSet<>(given);
        while (true) {
          // Which fields are read depends on the code, and which code is run on what they hold.
          CodeDigest digest = codes.of(implementation, types);
          Set<Class<?>> met = new HashSet<>(types);
          ObjectValues noting = values.on(values.path(), met::add);
          CapturedObjects now = new CapturedObjects(name, codes, digest, noting, met::add);
          List<Value> parts = new ArrayList<>();
          objects.forEach(object -> parts.add(now.value(object)));
          if (met.equals(types)) {
            yield value("code " + digest.hex(), parts);
          }
          types = met;
        }
      }
    };
  }

  private Value value(String text, List<Value> parts) {
    return new Value.Structure(
        Captured.class.getName(),
        List.of(
            new Value.Field("name", new Value.Text(name)),
            new Value.Field("code", new Value.Text(text)),
            new Value.Field("captured", new Value.Sequence(parts))));
  }
}
