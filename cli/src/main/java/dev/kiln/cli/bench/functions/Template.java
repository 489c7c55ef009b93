package dev.kiln.cli.bench.functions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Makes a class of its own from one source for each operator, in which the operator is a constant:
 * as if the loop had been written by hand for it, with no profile shared with another.
 */
final class Template {
  private Template() {}

  /**
   * An instance of a new copy of a class.
   *
   * @param kind what the class implements
   * @param constant what {@link #data} gives in the copy
   */
  static <T> T copy(Class<? extends T> template, Class<T> kind, Object constant) {
    String file = template.getSimpleName() + ".class";
    try (InputStream code = Objects.requireNonNull(template.getResourceAsStream(file), file)) {
      MethodHandles.Lookup copy =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(code.readAllBytes(), constant, true);
      return kind.cast(copy.lookupClass().getDeclaredConstructor().newInstance());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a copy of " + template, e);
    }
  }

  /** In the copy's static initialiser: its constant. */
  static <T> T data(MethodHandles.Lookup copy, Class<T> type) {
    try {
      T constant = MethodHandles.classData(copy, "_", type);
      return Objects.requireNonNull(constant, "only copies have a constant");
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
