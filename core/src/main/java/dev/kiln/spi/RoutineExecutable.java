package dev.kiln.spi;

/** A routine made ready for one device and dtype. Safe for many threads at once. */
public interface RoutineExecutable {
  /**
   * Runs the routine and returns when its output is written. The launch's buffers are pinned by the
   * caller.
   */
  void launch(RoutineLaunch launch);

  /** How the routine is done, for people. */
  String describe();
}
