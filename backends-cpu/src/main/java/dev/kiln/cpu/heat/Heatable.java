package dev.kiln.cpu.heat;

/** Vector code that wants to become hot. Its methods are called on the thread that heats. */
public interface Heatable {
  /**
   * Calls the code on a little scratch data: many short calls become hot sooner than a few long
   * ones.
   */
  void exercise();

  /**
   * The end; not called where heating was closed before.
   *
   * @param hot whether the code is fast now; if not, it is left as it is for good
   */
  void finish(boolean hot);
}
