package dev.kiln.task;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which task failed. It is suppressed in the failure, which arrives with its own type, so that a
 * stack trace shows both; its own stack trace is that of the call.
 *
 * {@snippet file="dev/kiln/examples/ParallelTour.java" region="failure"}
 */
public final class TaskContext extends Exception {
  private static final long serialVersionUID = 1L;

  /** An input's text is cut there: it is a hint, not the data. */
  private static final int MOST_TEXT = 200;

  private final long index;
  private final transient long made = System.nanoTime();
  private final transient @Nullable Object input;

  TaskContext(String name, long index, @Nullable Object input) {
    super("in task " + index + " of " + name + ", given " + text(input));
    this.index = index;
    this.input = input;
  }

  TaskContext(String message, long index) {
    super(message);
    this.index = index;
    this.input = null;
  }

  /** The innermost call's context of a failure that came out of a task. */
  public static Optional<TaskContext> of(Throwable failure) {
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof TaskContext context) {
        return Optional.of(context);
      }
    }
    return Optional.empty();
  }

  /** The place of the task's input among all inputs, from 0. */
  public long index() {
    return index;
  }

  /** The task's input. */
  public @Nullable Object input() {
    return input;
  }

  /** When it was, by {@link System#nanoTime}. */
  long made() {
    return made;
  }

  /** A short text of an input, even of one whose {@code toString} fails, with an error too. */
  static String text(@Nullable Object input) {
    if (input == null) {
      return "null";
    }
    String text;
    try {
      // One may give null, which "" + makes a text.
      text = "" + input.toString();
    } catch (Throwable e) {
      // By its class only: its own text might fail like the input's.
      text = "a " + input.getClass().getName() + " without a text: " + e.getClass().getName();
    }
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "…";
  }
}
