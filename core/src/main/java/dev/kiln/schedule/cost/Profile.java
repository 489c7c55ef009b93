package dev.kiln.schedule.cost;

/**
 * How fast a device is, from the host's memory and back: where it has memory of its own, copies are
 * in all of these.
 *
 * @param latencyNanos of a launch that does next to nothing
 * @param makingNanos to compile a kernel that was never compiled before
 * @param bytesPerSecond of a kernel that hardly computes
 * @param flops32 float32 operations a second of a kernel that hardly reads
 * @param flops64 the same in float64; 0 where the device has none
 */
public record Profile(
    double latencyNanos,
    double makingNanos,
    double bytesPerSecond,
    double flops32,
    double flops64) {
  /** Whether these can be the figures of a device. */
  public boolean makesSense() {
    return isAtLeastZero(latencyNanos)
        && isAtLeastZero(makingNanos)
        && isAtLeastZero(flops64)
        && isPositive(bytesPerSecond)
        && isPositive(flops32);
  }

  /** How long that takes, in nanoseconds; infinite where the device cannot do it. */
  public double nanos(Work work) {
    double moving = work.bytes() / bytesPerSecond;
    double computing = work.flops() == 0 ? 0 : work.flops() / (work.float64() ? flops64 : flops32);
    boolean cannot = work.float64() && flops64 == 0;
    return cannot ? Double.POSITIVE_INFINITY : latencyNanos + 1e9 * (moving + computing);
  }

  private static boolean isAtLeastZero(double value) {
    return value >= 0 && value < Double.POSITIVE_INFINITY;
  }

  private static boolean isPositive(double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY;
  }
}
