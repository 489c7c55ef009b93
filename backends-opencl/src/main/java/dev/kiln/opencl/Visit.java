package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays on the device for one launch: each enters once, however many arguments name it; what was
 * written is published, all leave at the end.
 */
final class Visit implements AutoCloseable {
  private final OpenClBackend.Machine machine;
  private final Commands commands;
  private final Map<Buffer, Residence.View> views = new HashMap<>();
  private final List<Residence.View> written = new ArrayList<>();
  private final List<Residence.View> scratch = new ArrayList<>();
  private boolean published;

  Visit(OpenClBackend.Machine machine, Commands commands) {
    this.machine = machine;
    this.commands = commands;
  }

  /** An array that is read. */
  Residence.View read(Buffer buffer) {
    Residence.View view = views.get(buffer);
    return view == null ? enter(buffer, Residence.Use.READ) : view;
  }

  /**
   * An array that is written. It enters before it is read as something else.
   *
   * @param whole whether every byte is written; otherwise the rest stays
   */
  Residence.View write(Buffer buffer, boolean whole) {
    Residence.View known = views.get(buffer);
    if (known != null) {
      return known;
    }
    Residence.View view = enter(buffer, whole ? Residence.Use.WRITE : Residence.Use.UPDATE);
    written.add(view);
    return view;
  }

  private Residence.View enter(Buffer buffer, Residence.Use use) {
    machine.device().checkFits(buffer.byteSize());
    Residence.View view = machine.residence().enter(commands, buffer, use);
    views.put(buffer, view);
    return view;
  }

  /** Memory for this launch alone. */
  Residence.View scratch(long bytes) {
    machine.device().checkFits(bytes);
    Residence.View view = machine.residence().scratch(bytes);
    scratch.add(view);
    return view;
  }

  /** Brings back what was written, and returns when it is there. */
  void publish() {
    for (Residence.View view : written) {
      machine.residence().publish(commands, view);
    }
    published = true;
  }

  @Override
  public void close() {
    try {
      if (!published) {
        commands.finish(); // Something failed; what was begun still uses the arrays.
      }
    } finally {
      views.values().forEach(view -> machine.residence().leave(commands, view));
      scratch.forEach(view -> machine.residence().leave(commands, view));
    }
  }
}
