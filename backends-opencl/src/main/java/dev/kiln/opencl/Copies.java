package dev.kiln.opencl;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jocl.CLException;
import org.jspecify.annotations.Nullable;

/**
 * The copies that a device has of the engine's arrays. They stay there from one computation to the
 * next; those that were used longest ago make room for others.
 *
 * <p>Who copies an array holds that array's lock, and takes the monitor of all only for what takes
 * no time: threads with other arrays don't wait.
 */
final class Copies {
  private final ClDevice device;
  private final DevicePool pool;
  private final Lanes lanes;
  private final long most;

  /** Those that take memory of the device, in the order of their last use. */
  private final Set<Copy> resident = new LinkedHashSet<>();

  private final ReferenceQueue<ResidentBuffer> forgotten = new ReferenceQueue<>();
  private long bytes;

  /** Where the elements are. */
  private enum Where {
    HOST,
    DEVICE,
    BOTH
  }

  /** What the device has of an array; its state is guarded by the monitor of {@link Copies}. */
  static final class Copy extends WeakReference<ResidentBuffer> {
    private final long bytes;

    /** Held while elements are copied. It is taken before the monitor, and one at a time. */
    private final ReentrantLock copying = new ReentrantLock();

    private @Nullable DeviceMemory memory;
    private Where where = Where.HOST;

    /** Launches and copies that use the memory. */
    private int uses;

    private boolean dropped;

    private Copy(ResidentBuffer buffer, ReferenceQueue<ResidentBuffer> forgotten, long bytes) {
      super(buffer, forgotten);
      this.bytes = bytes;
    }
  }

  /**
   * None yet.
   *
   * @param lanes that launches and copies go to
   * @param most bytes of the device's memory for copies that are not in use
   */
  Copies(ClDevice device, DevicePool pool, Lanes lanes, long most) {
    this.device = device;
    this.pool = pool;
    this.lanes = lanes;
    this.most = most;
  }

  /** The copy of an array, without memory so far. */
  Copy copyOf(ResidentBuffer buffer, long size) {
    return new Copy(buffer, forgotten, size);
  }

  /** The device's memory for an array, up to date if it is read, until {@link #leave}. */
  DeviceMemory enter(Commands commands, ResidentBuffer buffer, Residence.Use use) {
    Copy copy = buffer.copy();
    buffer.hold();
    try {
      makeRoom(copy);
      DeviceMemory memory = take(copy);
      try {
        if (use != Residence.Use.WRITE) {
          showToDevice(commands, buffer, memory);
        }
        return memory;
      } catch (Throwable e) {
        giveUp(copy);
        throw e;
      }
    } catch (Throwable e) {
      buffer.unpin();
      throw e;
    }
  }

  private synchronized DeviceMemory take(Copy copy) {
    resident.remove(copy);
    DeviceMemory memory = copy.memory;
    if (memory == null) {
      memory = pool.allocate(copy.bytes);
      copy.memory = memory;
      bytes += copy.bytes;
    }
    resident.add(copy);
    copy.uses++;
    return memory;
  }

  private synchronized void giveUp(Copy copy) {
    copy.uses--;
    if (copy.dropped) {
      free(copy);
    }
  }

  private void showToDevice(Commands commands, ResidentBuffer buffer, DeviceMemory memory) {
    Copy copy = buffer.copy();
    copy.copying.lock();
    try {
      if (where(copy) == Where.HOST) {
        long address = buffer.host().pin();
        try {
          commands.write(memory, address, copy.bytes);
        } finally {
          buffer.host().unpin();
        }
        set(copy, Where.BOTH);
      }
    } finally {
      copy.copying.unlock();
    }
  }

  private synchronized Where where(Copy copy) {
    return copy.where;
  }

  private synchronized void set(Copy copy, Where where) {
    copy.where = where;
  }

  /** The last call writes the array on the device: copies that are asked for from now on wait. */
  void written(ResidentBuffer buffer, DeviceMemory memory, Commands.Called call) {
    Copy copy = buffer.copy();
    copy.copying.lock();
    try {
      memory.writtenBy(call);
      set(copy, Where.DEVICE);
    } finally {
      copy.copying.unlock();
    }
  }

  /** The end of what {@link #enter} began. */
  void leave(ResidentBuffer buffer) {
    giveUp(buffer.copy());
    buffer.unpin();
  }

  /** Brings the elements to the host, if only the device has them. */
  void showToHost(ResidentBuffer buffer) {
    Copy copy = buffer.copy();
    copy.copying.lock();
    try {
      DeviceMemory memory = onlyPlace(copy);
      if (memory == null) {
        return;
      }
      try {
        bring(buffer, memory);
        set(copy, Where.BOTH);
      } finally {
        giveUp(copy);
      }
    } finally {
      copy.copying.unlock();
    }
  }

  /** The device's memory where nobody else has the elements; in use then. */
  private synchronized @Nullable DeviceMemory onlyPlace(Copy copy) {
    DeviceMemory memory = copy.where == Where.DEVICE ? copy.memory : null;
    copy.uses += memory == null ? 0 : 1;
    return memory;
  }

  private void bring(ResidentBuffer buffer, DeviceMemory memory) {
    long address = buffer.host().pin();
    try (Commands commands = new Commands(lanes)) {
      commands.read(memory, address, memory.bytes());
    } catch (CLException e) {
      throw Shortage.failed(device, e);
    } finally {
      buffer.host().unpin();
    }
  }

  /** {@link #showToHost}, to be written there: what the device has is stale from now on. */
  void handToHost(ResidentBuffer buffer) {
    Copy copy = buffer.copy();
    copy.copying.lock();
    try {
      showToHost(buffer);
      set(copy, Where.HOST);
    } finally {
      copy.copying.unlock();
    }
  }

  /** The elements are not wanted any more. */
  synchronized void drop(Copy copy) {
    copy.dropped = true;
    free(copy);
  }

  private void free(Copy copy) {
    DeviceMemory memory = copy.memory;
    if (memory != null && copy.uses == 0) {
      resident.remove(copy);
      bytes -= copy.bytes;
      copy.memory = null;
      copy.where = Where.HOST;
      pool.giveBack(memory);
    }
  }

  /** The collector found that nobody has these arrays any more. */
  private void freeForgotten() {
    for (Object next = forgotten.poll(); next != null; next = forgotten.poll()) {
      free((Copy) next);
    }
  }

  private void makeRoom(Copy wanted) {
    if (isRoom(wanted)) {
      return;
    }
    for (Copy eldest : eldestFirst()) {
      evict(eldest);
      if (isRoom(wanted)) {
        return;
      }
    }
  }

  private synchronized boolean isRoom(Copy wanted) {
    freeForgotten();
    return wanted.memory != null || bytes + wanted.bytes <= most;
  }

  private synchronized List<Copy> eldestFirst() {
    return List.copyOf(resident);
  }

  /** Frees a copy's memory if no launch uses it; the host has the elements then. */
  private void evict(Copy copy) {
    ResidentBuffer buffer = wantedByHost(copy);
    if (buffer != null) {
      try {
        showToHost(buffer);
      } finally {
        buffer.unpin();
      }
    }
    freeUnlessOnlyPlace(copy);
  }

  /** The array, held, if somebody still wants its elements and only the device has them. */
  private synchronized @Nullable ResidentBuffer wantedByHost(Copy copy) {
    ResidentBuffer buffer = copy.get();
    if (copy.uses > 0 || copy.dropped || copy.where != Where.DEVICE || buffer == null) {
      return null;
    }
    buffer.hold(); // Who releases an array drops its copy first.
    return buffer;
  }

  private synchronized void freeUnlessOnlyPlace(Copy copy) {
    if (copy.where != Where.DEVICE || copy.dropped || copy.get() == null) {
      free(copy);
    }
  }

  /** The bytes of the device's memory that are taken. */
  synchronized long bytes() {
    freeForgotten();
    return bytes;
  }

  /** Gives back all that no launch uses. */
  void trim() {
    eldestFirst().forEach(this::evict);
  }

  /** Gives back everything, elements that no host has asked for included. */
  synchronized void close() {
    for (Copy copy : resident) {
      DeviceMemory memory = copy.memory;
      if (memory != null) {
        memory.release();
      }
      copy.memory = null;
      copy.where = Where.HOST;
    }
    resident.clear();
    bytes = 0;
  }
}
