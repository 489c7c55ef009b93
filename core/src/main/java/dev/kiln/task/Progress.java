package dev.kiln.task;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a call is.
 *
 * @param name of the call
 * @param total how many tasks there are, where that is known before the end
 * @param submitted tasks whose inputs were pulled
 * @param started tasks that began
 * @param finished tasks that ended well
 * @param failed tasks that failed for good
 * @param batches batches that ended
 * @param elapsed time since the call began
 */
public record Progress(
    String name,
    OptionalLong total,
    long submitted,
    long started,
    long finished,
    long failed,
    long batches,
    Duration elapsed) {
  /** The time left at the pace so far, where the total is known and a task has ended. */
  public Optional<Duration> left() {
    if (total.isEmpty() || finished == 0) {
      return Optional.empty();
    }
    double rest = (double) Math.max(0, total.getAsLong() - finished) / finished;
    return Optional.of(Duration.ofNanos((long) (elapsed.toNanos() * rest)));
  }
}
