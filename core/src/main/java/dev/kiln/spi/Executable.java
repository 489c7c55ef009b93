package dev.kiln.spi;

import java.util.Optional;

/** A kernel made ready for one device. Safe for many threads at once. */
public interface Executable {
  /**
   * Runs the kernel, and returns when its outputs are written; sooner where the backend's
   * {@linkplain Backend#memory memory} sees to it that whoever looks at them waits. The launch's
   * buffers are held by the caller until then; afterwards their memory may be used for something
   * else, on any thread, so what a device has not read yet must be its own memory.
   */
  void launch(Launch launch);

  /**
   * {@link #launch}, timed by the device's own clock; empty where it has none. This may take a
   * little longer than an ordinary launch.
   */
  default Optional<DeviceTimes> launchTimed(Launch launch) {
    launch(launch);
    return Optional.empty();
  }

  /**
   * What the kernel became, for people: the form chosen and why; source text at higher levels of
   * detail.
   */
  String describe();
}
