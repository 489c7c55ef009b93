package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * Arrays on the device for one run: each enters once, what was written is published, all leave at
 * the end.
 */
final class Visit implements AutoCloseable {
  private final OpenClBackend.Machine machine;
  private final Map<Buffer, Guest> guests = new HashMap<>();
  private final List<Guest> written = new ArrayList<>();
  private final List<Guest> scratch = new ArrayList<>();
  private boolean published;

  private record Guest(cl_mem memory, long address, long bytes) {}

  Visit(OpenClBackend.Machine machine) {
    this.machine = machine;
  }

  /** An array that is read. */
  cl_mem read(Buffer buffer) {
    Guest guest = guests.get(buffer);
    return (guest == null ? enter(buffer, Residence.Use.READ) : guest).memory();
  }

  /** An array of which every byte is written; nobody reads it. */
  cl_mem write(Buffer buffer) {
    Guest guest = enter(buffer, Residence.Use.WRITE);
    written.add(guest);
    return guest.memory();
  }

  /** Memory for this run alone. */
  cl_mem scratch(long bytes) {
    machine.device().checkFits(bytes);
    Guest guest = new Guest(machine.residence().scratch(bytes), 0, bytes);
    scratch.add(guest);
    return guest.memory();
  }

  private Guest enter(Buffer buffer, Residence.Use use) {
    machine.device().checkFits(buffer.byteSize());
    long address = buffer.pin();
    boolean entered = false;
    try {
      cl_mem memory = machine.residence().enter(machine.queue(), address, buffer.byteSize(), use);
      Guest guest = new Guest(memory, address, buffer.byteSize());
      guests.put(buffer, guest);
      entered = true;
      return guest;
    } finally {
      if (!entered) {
        buffer.unpin();
      }
    }
  }

  /** Brings back what was written, and returns when it is there. */
  void publish() {
    for (Guest guest : written) {
      machine.residence().publish(machine.queue(), guest.memory(), guest.address(), guest.bytes());
    }
    published = true;
  }

  @Override
  public void close() {
    if (!published) {
      CL.clFinish(machine.queue());
    }
    guests.values().forEach(guest -> machine.residence().leave(guest.memory(), guest.bytes()));
    scratch.forEach(guest -> machine.residence().leave(guest.memory(), guest.bytes()));
    guests.keySet().forEach(Buffer::unpin);
  }
}
