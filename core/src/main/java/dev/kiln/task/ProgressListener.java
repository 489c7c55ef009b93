package dev.kiln.task;

/** Is told how far a call is. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Called after batches, by whichever thread ended one, never by two at once, and with the last
   * figures when the call ends, failed or not. It should return soon; what it throws stops the
   * call.
   */
  void update(Progress progress);
}
