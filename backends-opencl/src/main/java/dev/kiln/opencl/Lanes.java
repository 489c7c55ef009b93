package dev.kiln.opencl;

import java.util.Set;
import org.jocl.cl_context;

/**
 * Where commands go. A device with memory of its own copies to it and from it while it computes.
 *
 * @param calls what is computed
 * @param up copies to the device
 * @param down copies from the device
 */
record Lanes(Lane calls, Lane up, Lane down) implements AutoCloseable {
  /** One lane for everything, where there is hardly anything to copy. */
  static Lanes one(cl_context context, ClDevice device, boolean timed) {
    Lane lane = Lane.open(context, device, timed);
    return new Lanes(lane, lane, lane);
  }

  /** A lane for each, which keep times. */
  static Lanes apart(cl_context context, ClDevice device) {
    return new Lanes(
        Lane.open(context, device, true),
        Lane.open(context, device, true),
        Lane.open(context, device, true));
  }

  private Set<Lane> all() {
    return calls.equals(up) ? Set.of(calls) : Set.of(calls, up, down);
  }

  /** Returns when nothing is under way any more, whatever became of it. */
  void finish() {
    all().forEach(Lane::finish);
  }

  @Override
  public void close() {
    all().forEach(Lane::close);
  }
}
