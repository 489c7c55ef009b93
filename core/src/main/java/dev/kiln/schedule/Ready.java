package dev.kiln.schedule;

import dev.kiln.spi.Backend;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Memory;
import java.util.Optional;

/**
 * What runs at once, made ready for its backend: all of a launch that is the same in every run.
 * Safe for many threads.
 */
sealed interface Ready permits ReadyKernels, ReadyCall, ReadyGroup {
  /**
   * Runs it; the values that it touches have memory, which is pinned. The device's own times where
   * they are wanted and there are any.
   *
   * @param memory for what is needed meanwhile
   */
  Optional<DeviceTimes> launch(Values values, Memory memory, Debug debug, boolean timed);

  /** A step on a backend. */
  static Ready of(Step step, Backend backend, Slots slots) {
    return switch (step) {
      case Step.Kernels kernels -> new ReadyKernels(kernels, backend, slots);
      case Step.Call call -> new ReadyCall(call, backend, slots);
    };
  }
}
