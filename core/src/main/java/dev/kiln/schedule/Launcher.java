package dev.kiln.schedule;

import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.jfr.FlightRecorder;

/**
 * Launches what a run consists of, gives back what each has read for the last time, and tells
 * whoever wants to know how long it took. Safe for many threads.
 */
final class Launcher {
  private final Values values;
  private final Memory memory;
  private final Debug debug;
  private final boolean profiled;

  /**
   * For one run.
   *
   * @param profiled whether the devices' own times are wanted
   */
  Launcher(Values values, Memory memory, Debug debug, boolean profiled) {
    this.values = values;
    this.memory = memory;
    this.debug = debug;
    this.profiled = profiled;
  }

  /** Launches a unit; how long that took, to the end where the device's own times are wanted. */
  StepTime launch(Unit unit) {
    long start = System.nanoTime();
    // The class of an event starts the recorder, a quarter of what a short command takes.
    KernelEvent event = FlightRecorder.isInitialized() ? KernelEvent.begun() : null;
    boolean recorded = event != null && event.isEnabled();
    Optional<DeviceTimes> onDevice = launch(unit, debug.at(4) || recorded || profiled);
    Step last = unit.steps().getLast();
    if (event != null) {
      event.tell(last, unit.steps().size(), onDevice);
    }
    StepTime time = new StepTime(unit.from(), unit.to(), System.nanoTime() - start, onDevice);
    if (debug.at(4)) {
      tell(time, last);
    }
    return time;
  }

  private void tell(StepTime time, Step last) {
    boolean several = time.to() > time.from() + 1;
    String what = several ? "steps " + time.from() + " to " + (time.to() - 1) + ", last " : "";
    debug.print("ran " + what + last.target() + " in " + time.nanos() / 1000 + " us");
    time.onDevice().ifPresent(own -> debug.print("  on the device: " + own.inWords()));
  }

  private Optional<DeviceTimes> launch(Unit unit, boolean timed) {
    Backend backend = unit.backend();
    values.allocate(unit.targets(), backend.memory(memory));
    List<Buffer> held = new ArrayList<>();
    Optional<DeviceTimes> onDevice;
    try {
      values.hold(unit.touched(), held);
      onDevice = unit.ready().launch(values, memory, debug, timed);
    } finally {
      held.forEach(Buffer::unpin);
    }
    values.releaseAfter(unit.targets(), unit.reads());
    return onDevice;
  }
}
