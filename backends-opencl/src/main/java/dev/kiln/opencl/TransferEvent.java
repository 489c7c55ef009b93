package dev.kiln.opencl;

import dev.kiln.spi.DeviceTimes;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** What a flight recording has of each copy between the host's memory and a device's. */
@Name("dev.kiln.Transfer")
@Label("Transfer")
@Category("Kiln")
@Description("A copy between the host's memory and a device's")
@StackTrace(false)
final class TransferEvent extends Event {
  @Label("Direction")
  private String direction = "";

  @Label("Size")
  @DataAmount
  private long bytes;

  @Label("Copying")
  @Description(
      "The time that the device took, of copies beside computing; those are events from being asked"
          + " for to the end of the launch")
  @Timespan
  private long copying;

  /** One that begins now. */
  static TransferEvent begun() {
    TransferEvent event = new TransferEvent();
    event.begin();
    return event;
  }

  /**
   * Ends the event; it is written where a recording wants it.
   *
   * @param nanos that the device took; 0 where the event has the time
   */
  void tell(DeviceTimes.Direction where, long size, long nanos) {
    end();
    if (shouldCommit()) {
      direction = where.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      bytes = size;
      copying = nanos;
      commit();
    }
  }

  String direction() {
    return direction;
  }

  long bytes() {
    return bytes;
  }

  long copying() {
    return copying;
  }
}
