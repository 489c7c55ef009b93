package dev.kiln.memo;

import dev.kiln.KilnException;
import dev.kiln.store.Entry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** How one function is memoised; lent to the caller of {@link Memory#cache}, who changes it. */
public final class Options {
  private Optional<String> version = Optional.empty();
  private Optional<String> name = Optional.empty();
  private final Set<Integer> ignored = new HashSet<>();
  private final Set<String> ignoredNames = new HashSet<>();
  private Duration expiresAfter = Duration.ofSeconds(Long.MAX_VALUE);
  private Duration slowerThan = Duration.ZERO;
  private boolean isLoaded;
  private Predicate<Entry> valid = entry -> true;

  Options() {}

  /**
   * Which version of the function this is. It stands for the function's code, which is not looked
   * at then: whoever changes it says another version. What a lambda has captured still counts, but
   * not the fields of an object whose method it is.
   */
  public Options version(String text) {
    this.version = Optional.of(text);
    return this;
  }

  /**
   * What the function is called, instead of its class and method; lambdas in one method share a
   * name otherwise. With a {@link #version} it lets functions be moved, and be memoised that cannot
   * be looked at: what those have captured does not count.
   */
  public Options name(String text) {
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      throw new KilnException("'" + text + "' is no name; give one line of text");
    }
    this.name = Optional.of(text.strip());
    return this;
  }

  /**
   * Leaves out arguments that don't change the result, by their places, from 0. A place that the
   * function does not have is an error of {@link Memory#cache}.
   */
  public Options ignore(int... places) {
    for (int place : places) {
      ignored.add(place);
    }
    return this;
  }

  /**
   * Leaves out arguments that don't change the result, by the names that they have where the
   * function was written.
   */
  public Options ignore(String... names) {
    ignoredNames.addAll(List.of(names));
    return this;
  }

  /** Computes again what was computed longer ago. */
  public Options expiresAfter(Duration age) {
    if (age.isNegative()) {
      throw new KilnException("results that expire after " + age + "; expected no negative time");
    }
    this.expiresAfter = age;
    return this;
  }

  /** Uses only entries for which this holds. */
  public Options valid(Predicate<Entry> test) {
    this.valid = test;
    return this;
  }

  /** Copies arrays of results into memory instead of mapping their files. */
  public Options loaded() {
    this.isLoaded = true;
    return this;
  }

  /** Keeps only results that took at least so long. */
  public Options slowerThan(Duration least) {
    this.slowerThan = least;
    return this;
  }

  Optional<String> version() {
    return version;
  }

  Optional<String> name() {
    return name;
  }

  /** The places of the arguments of a function that are left out. */
  Set<Integer> ignored(Object function, Class<?> shape) {
    int arity = Implementation.single(shape).getParameterCount();
    for (int place : ignored) {
      if (place < 0 || place >= arity) {
        throw new KilnException(
            "ignore(" + place + ") of a function of " + arity + " arguments; places begin at 0");
      }
    }
    Set<Integer> places = new HashSet<>(ignored);
    places.addAll(ParameterNames.places(ignoredNames, function, shape));
    return places;
  }

  Duration expiresAfter() {
    return expiresAfter;
  }

  Duration slowerThan() {
    return slowerThan;
  }

  boolean isLoaded() {
    return isLoaded;
  }

  Predicate<Entry> valid() {
    return valid;
  }
}
