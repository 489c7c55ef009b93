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

  /** One that begins now. */
  static TransferEvent begun() {
    TransferEvent event = new TransferEvent();
    event.begin();
    return event;
  }

  /** Ends the event; it is written where a recording wants it. */
  void tell(DeviceTimes.Direction where, long size) {
    end();
    if (shouldCommit()) {
      direction = where.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      bytes = size;
      commit();
    }
  }

  String direction() {
    return direction;
  }

  long bytes() {
    return bytes;
  }
}
