package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import org.jocl.cl_context;

/**
 * For devices with memory of their own. The engine's arrays have copies there, which stay as long
 * as there is room; others, which may change behind its back, are copied for each launch.
 */
final class CopyingResidence implements Residence {
  private final DevicePool pool;
  private final Copies copies;
  private final long most;

  /**
   * Nothing is held yet.
   *
   * @param lanes the only ones that commands go to
   * @param limit bytes of the device's memory that are taken at most; half of it by copies that no
   *     launch uses, half by one launch's arrays where it can be cut
   */
  CopyingResidence(cl_context context, ClDevice device, Lanes lanes, long limit) {
    most = limit / 2;
    pool = new DevicePool(context, most, limit);
    copies = new Copies(device, pool, lanes, most);
  }

  /** The bytes of the device's memory that copies of arrays take. */
  long resident() {
    return copies.bytes();
  }

  /** The bytes that are held for later. */
  long held() {
    return pool.held();
  }

  @Override
  public Memory memory(Memory engine) {
    return bytes -> {
      Buffer host = engine.allocate(bytes);
      return bytes == 0 ? host : new ResidentBuffer(host, copies);
    };
  }

  @Override
  public View enter(Commands commands, Buffer buffer, Use use) {
    long bytes = buffer.byteSize();
    if (buffer instanceof ResidentBuffer resident && resident.isAmong(copies)) {
      return new View(copies.enter(commands, resident, use), buffer, 0);
    }
    View scratch = scratch(bytes);
    long address = use == Use.READ ? buffer.show() : buffer.pin();
    View view = new View(scratch.device(), buffer, address);
    if (use != Use.WRITE) {
      try {
        commands.write(view.device(), address, bytes);
      } catch (Throwable e) {
        leave(commands, view);
        throw e;
      }
    }
    return view;
  }

  @Override
  public void publish(Commands commands, View view) {
    if (view.buffer() instanceof ResidentBuffer resident && resident.isAmong(copies)) {
      Commands.Called call = commands.lastCall().orElseThrow();
      copies.written(resident, view.device(), call);
    } else {
      commands.read(view.device(), view.address(), view.bytes());
    }
  }

  @Override
  public void leave(Commands commands, View view) {
    commands.lastCall().ifPresent(view.device()::usedBy);
    Buffer buffer = view.buffer();
    if (buffer instanceof ResidentBuffer resident && resident.isAmong(copies)) {
      copies.leave(resident);
      return;
    }
    pool.giveBack(view.device());
    if (buffer != null) {
      buffer.unpin();
    }
  }

  @Override
  public View scratch(long bytes) {
    return new View(pool.allocate(bytes), null, 0);
  }

  @Override
  public long room() {
    return most;
  }

  @Override
  public void trim() {
    copies.trim();
    pool.trim();
  }

  @Override
  public void close() {
    copies.close();
    pool.trim();
  }
}
