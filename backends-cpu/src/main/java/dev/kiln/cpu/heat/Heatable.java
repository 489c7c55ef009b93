package dev.kiln.cpu.heat;

/** Vector code that wants to become hot. Its methods are called on the thread that heats. */
public interface Heatable extends AutoCloseable {
  /**
   * One round or a part of it, some milliseconds at most: calls the code on a little scratch data,
   * many short calls rather than a few long ones.
   *
   * @return whether the round is complete
   */
  boolean exercise();

  /** Rounds in a row that tell that the code is hot. */
  default int quietRounds() {
    return 2;
  }

  /** How long the next round waits for the JIT compiler, in nanoseconds. */
  default long rest() {
    return 0;
  }

  /** The bytes that a round allocates though the code is hot. */
  long tolerated();

  /** The code is fast from now on. */
  void finish();

  /** Gives scratch data back; the last call, whether the code has become hot or not. */
  @Override
  void close();
}
