package dev.kiln.opencl;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * The copies that a device has of the engine's arrays. They stay there from one computation to the
 * next; those that were used longest ago make room for others.
 */
final class Copies {
  private final ClDevice device;
  private final DevicePool pool;
  private final Lane lane;
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

  /** What the device has of an array; all its state is guarded by {@link Copies}. */
  static final class Copy extends WeakReference<ResidentBuffer> {
    private final long bytes;
    private @Nullable cl_mem memory;
    private Where where = Where.HOST;
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
   * @param lane for transfers; the one that launches go to, so that they come one after another
   * @param most bytes of the device's memory for copies that are not in use
   */
  Copies(ClDevice device, DevicePool pool, Lane lane, long most) {
    this.device = device;
    this.pool = pool;
    this.lane = lane;
    this.most = most;
  }

  /** The copy of an array, without memory so far. */
  Copy copyOf(ResidentBuffer buffer, long size) {
    return new Copy(buffer, forgotten, size);
  }

  /** The device's memory for an array, up to date if it is read, until {@link #leave}. */
  synchronized cl_mem enter(Commands commands, ResidentBuffer buffer, Residence.Use use) {
    freeForgotten();
    Copy copy = buffer.copy();
    buffer.hold();
    try {
      cl_mem memory = memoryOf(copy);
      if (use != Residence.Use.WRITE && copy.where == Where.HOST) {
        long address = buffer.host().pin();
        try {
          commands.write(memory, address, copy.bytes);
        } finally {
          buffer.host().unpin();
        }
        copy.where = Where.BOTH;
      }
      copy.uses++;
      return memory;
    } catch (Throwable e) {
      buffer.unpin();
      throw e;
    }
  }

  private cl_mem memoryOf(Copy copy) {
    resident.remove(copy);
    cl_mem memory = copy.memory;
    if (memory == null) {
      makeRoom(copy.bytes);
      memory = pool.allocate(copy.bytes);
      copy.memory = memory;
      bytes += copy.bytes;
    }
    resident.add(copy);
    return memory;
  }

  /** A launch writes the array on the device, before all that is asked of the lane from now on. */
  synchronized void written(ResidentBuffer buffer) {
    buffer.copy().where = Where.DEVICE;
  }

  /** The end of what {@link #enter} began. */
  synchronized void leave(ResidentBuffer buffer) {
    Copy copy = buffer.copy();
    copy.uses--;
    if (copy.dropped) {
      free(copy);
    }
    buffer.unpin();
  }

  /** Brings the elements to the host, if only the device has them. */
  synchronized void showToHost(ResidentBuffer buffer) {
    Copy copy = buffer.copy();
    cl_mem memory = copy.memory;
    if (copy.where != Where.DEVICE || memory == null) {
      return;
    }
    long address = buffer.host().pin();
    try (Commands commands = new Commands(lane.queue())) {
      commands.read(memory, address, copy.bytes);
      copy.where = Where.BOTH;
    } catch (CLException e) {
      throw Shortage.failed(device, e);
    } finally {
      buffer.host().unpin();
    }
  }

  /** {@link #showToHost}, to be written there: what the device has is stale from now on. */
  synchronized void handToHost(ResidentBuffer buffer) {
    showToHost(buffer);
    buffer.copy().where = Where.HOST;
  }

  /** The elements are not wanted any more. */
  synchronized void drop(Copy copy) {
    copy.dropped = true;
    free(copy);
  }

  private void free(Copy copy) {
    cl_mem memory = copy.memory;
    if (memory != null && copy.uses == 0) {
      resident.remove(copy);
      bytes -= copy.bytes;
      copy.memory = null;
      copy.where = Where.HOST;
      pool.giveBack(memory, copy.bytes);
    }
  }

  /** The collector found that nobody has these arrays any more. */
  private void freeForgotten() {
    for (Object next = forgotten.poll(); next != null; next = forgotten.poll()) {
      free((Copy) next);
    }
  }

  private void makeRoom(long wanted) {
    List<Copy> eldestFirst = new ArrayList<>(resident);
    for (Copy copy : eldestFirst) {
      if (bytes + wanted <= most) {
        return;
      }
      evict(copy);
    }
  }

  /** Frees a copy's memory if no launch uses it; the host has the elements then. */
  private void evict(Copy copy) {
    if (copy.uses > 0) {
      return;
    }
    ResidentBuffer buffer = copy.get();
    if (buffer != null && !copy.dropped) {
      showToHost(buffer);
    }
    free(copy);
  }

  /** The bytes of the device's memory that are taken. */
  synchronized long bytes() {
    freeForgotten();
    return bytes;
  }

  /** Gives back all that no launch uses. */
  synchronized void trim() {
    freeForgotten();
    List.copyOf(resident).forEach(this::evict);
  }

  /** Gives back everything, elements that no host has asked for included. */
  synchronized void close() {
    for (Copy copy : resident) {
      cl_mem memory = copy.memory;
      if (memory != null) {
        CL.clReleaseMemObject(memory);
      }
      copy.memory = null;
      copy.where = Where.HOST;
    }
    resident.clear();
    bytes = 0;
  }
}
