package dev.kiln.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a device's own clock says of a launch.
 *
 * @param kernelNanos how long its functions ran
 * @param transfers copies between the host's memory and the device's, in order
 */
public record DeviceTimes(long kernelNanos, List<Transfer> transfers) {
  public DeviceTimes {
    transfers = List.copyOf(transfers);
  }

  /** A copy of that many bytes. */
  public record Transfer(Direction direction, long bytes, long nanos) {}

  /** Which way a copy goes. */
  public enum Direction {
    /** From the host's memory. */
    TO_DEVICE,
    /** To the host's memory. */
    TO_HOST
  }

  /** For people: {@code "kernel 12 us, 4,096 bytes to the device 3 us"}. */
  public String inWords() {
    StringBuilder text = new StringBuilder();
    text.append("kernel ").append(kernelNanos / 1000).append(" us");
    for (Transfer transfer : transfers) {
      String way = transfer.direction() == Direction.TO_DEVICE ? "to the device" : "back";
      text.append(
          String.format(
              Locale.ROOT, ", %,d bytes %s %d us", transfer.bytes(), way, transfer.nanos() / 1000));
    }
    return text.toString();
  }

  /** This launch and a later one. */
  public DeviceTimes plus(DeviceTimes later) {
    List<Transfer> both = new ArrayList<>(transfers);
    both.addAll(later.transfers);
    return new DeviceTimes(kernelNanos + later.kernelNanos, both);
  }
}
