package dev.kiln.task;

import java.util.List;
import java.util.Optional;

/** Where in a graph a delayed call failed; suppressed in the failure, as {@link TaskContext} is. */
public final class DelayedContext extends Exception {
  private static final long serialVersionUID = 1L;

  /** A longer path is told by its ends. */
  private static final int MOST_STEPS = 12;

  private final transient long made = System.nanoTime();
  private final transient List<String> path;

  DelayedContext(List<String> path) {
    super("in the delayed call " + text(path));
    this.path = List.copyOf(path);
  }

  /** That of a failure that came out of a delayed call. */
  public static Optional<DelayedContext> of(Throwable failure) {
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof DelayedContext context) {
        return Optional.of(context);
      }
    }
    return failure.getCause() == null ? Optional.empty() : of(failure.getCause());
  }

  /** The names of the calls from the one that failed to the one that was to be computed. */
  public List<String> path() {
    return path;
  }

  /** When it was, by {@link System#nanoTime}. */
  long made() {
    return made;
  }

  private static String text(List<String> path) {
    StringBuilder text = new StringBuilder(path.getFirst());
    int from = path.size() <= MOST_STEPS ? 1 : path.size() - MOST_STEPS / 2;
    int upTo = path.size() <= MOST_STEPS ? 1 : MOST_STEPS / 2;
    for (int i = 1; i < path.size(); i++) {
      if (i < upTo || i >= from) {
        text.append(", needed by ").append(path.get(i));
      } else if (i == upTo) {
        text.append(", needed through ").append(from - upTo).append(" more");
      }
    }
    return text.toString();
  }
}
