package dev.kiln.opencl;

import dev.kiln.KilnException;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.CLException;

/** What happens when a device fails, or has no memory left: one retry, then a clear error. */
final class Shortage {
  private Shortage() {}

  /**
   * Runs a launch, and once more where memory was short, after giving back what is held for later.
   */
  static <T> T retry(OpenClBackend.Machine machine, Supplier<T> launch) {
    try {
      return launch.get();
    } catch (CLException e) {
      if (!isShortage(e)) {
        throw failed(machine.device(), e);
      }
      machine.residence().trim();
      try {
        return launch.get();
      } catch (CLException again) {
        throw isShortage(again) ? shortage(machine, again) : failed(machine.device(), again);
      }
    }
  }

  private static boolean isShortage(CLException e) {
    return e.getStatus() == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE
        || e.getStatus() == CL.CL_OUT_OF_RESOURCES
        || e.getStatus() == CL.CL_OUT_OF_HOST_MEMORY;
  }

  private static KilnException shortage(OpenClBackend.Machine machine, CLException e) {
    return new KilnException(
        "out of memory on the OpenCL device "
            + machine.device().name()
            + ", which has "
            + machine.device().memoryBytes()
            + " bytes ("
            + e.getMessage()
            + "), also after everything unused was given back; compute in parts, or on another"
            + " backend",
        e);
  }

  /** What is to be said where a device failed. */
  static KilnException failed(ClDevice device, CLException e) {
    return new KilnException(
        "the OpenCL device "
            + device.name()
            + " failed: "
            + e.getMessage()
            + "; compute on another backend, and report the expression with its explain()",
        e);
  }
}
