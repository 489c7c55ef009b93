package dev.kiln.spi;

import java.util.Optional;

/** A routine made ready for one device and dtype. Safe for many threads at once. */
public interface RoutineExecutable {
  /**
   * Runs the routine, and returns when its output is written, or as {@link Executable#launch} does.
   * The launch's buffers are held by the caller.
   */
  void launch(RoutineLaunch launch);

  /**
   * {@link #launch}, timed by the device's own clock; empty where it has none. This may take a
   * little longer than an ordinary launch.
   */
  default Optional<DeviceTimes> launchTimed(RoutineLaunch launch) {
    launch(launch);
    return Optional.empty();
  }

  /** How the routine is done, for people. */
  String describe();
}
