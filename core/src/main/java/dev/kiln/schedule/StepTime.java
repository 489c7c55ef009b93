package dev.kiln.schedule;

import dev.kiln.spi.DeviceTimes;
import java.util.Optional;

/**
 * How long some steps took.
 *
 * @param from the first step's number in its plan
 * @param to the number after the last step's
 * @param nanos from beginning to end
 * @param onDevice what the device's own clock says, where it has one
 */
record StepTime(int from, int to, long nanos, Optional<DeviceTimes> onDevice) {
  /** For people: {@code "12 us; on the device: kernel 3 us"}. */
  String inWords() {
    String own = onDevice.map(times -> "; on the device: " + times.inWords()).orElse("");
    return nanos / 1000 + " us" + own;
  }
}
