package dev.kiln.schedule;

import dev.kiln.spi.DeviceTimes;
import java.util.Optional;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** What a flight recording has of each step of a plan. */
@Name("dev.kiln.Kernel")
@Label("Kernel")
@Category("Kiln")
@Description("A step of a computation: a kernel, a routine, or several that share their rows")
@StackTrace(false)
final class KernelEvent extends Event {
  @Label("Result")
  private String result = "";

  @Label("Steps")
  private int steps;

  @Label("On the device")
  @Description("How long its functions ran by the device's own clock; 0 where it has none")
  @Timespan
  private long onDevice;

  /** One that begins now. */
  static KernelEvent begun() {
    KernelEvent event = new KernelEvent();
    event.begin();
    return event;
  }

  /** Ends the event; it is written where a recording wants it. */
  void tell(Step last, int count, Optional<DeviceTimes> times) {
    end();
    if (shouldCommit()) {
      result = last.target().toString();
      steps = count;
      onDevice = times.map(DeviceTimes::kernelNanos).orElse(0L);
      commit();
    }
  }

  String result() {
    return result;
  }

  int steps() {
    return steps;
  }

  long onDevice() {
    return onDevice;
  }
}
