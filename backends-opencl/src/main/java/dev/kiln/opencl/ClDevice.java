package dev.kiln.opencl;

import dev.kiln.KilnException;
import dev.kiln.spi.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * An OpenCL device and what matters of it.
 *
 * @param number its place in the list that users see
 * @param version of OpenCL that it offers, with the vendor's own words
 * @param driver the driver's version
 * @param platform its platform's name and version
 * @param kind what it is
 * @param largestBuffer in bytes
 * @param localMemory in bytes, for a group of work-items
 * @param exactDivision whether division and square root of float32 can be rounded correctly
 * @param subnormals whether float32 keeps subnormal numbers
 * @param sharesMemory whether it works on the host's memory, so that nothing need be copied
 */
record ClDevice(
    int number,
    cl_platform_id platformId,
    cl_device_id id,
    String name,
    String version,
    String driver,
    String platform,
    Kind kind,
    long memoryBytes,
    long largestBuffer,
    long localMemory,
    int units,
    boolean float64,
    boolean exactDivision,
    boolean subnormals,
    boolean sharesMemory) {

  /** What a device is; those that compute fastest first. */
  enum Kind {
    GPU,
    ACCELERATOR,
    CPU,
    OTHER;

    private static Kind of(long type) {
      if ((type & CL.CL_DEVICE_TYPE_GPU) != 0) {
        return GPU;
      }
      if ((type & CL.CL_DEVICE_TYPE_ACCELERATOR) != 0) {
        return ACCELERATOR;
      }
      return (type & CL.CL_DEVICE_TYPE_CPU) != 0 ? CPU : OTHER;
    }

    /** The kind in a word. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @SuppressWarnings("deprecation") // There is no other way to ask whether memory is shared.
  static ClDevice of(int number, cl_platform_id platform, cl_device_id id) {
    Query query = Query.of(id);
    long single = query.number(CL.CL_DEVICE_SINGLE_FP_CONFIG);
    Query owner = Query.of(platform);
    return new ClDevice(
        number,
        platform,
        id,
        query.text(CL.CL_DEVICE_NAME),
        query.text(CL.CL_DEVICE_VERSION),
        query.text(CL.CL_DRIVER_VERSION),
        owner.text(CL.CL_PLATFORM_NAME) + ", " + owner.text(CL.CL_PLATFORM_VERSION),
        Kind.of(query.number(CL.CL_DEVICE_TYPE)),
        query.number(CL.CL_DEVICE_GLOBAL_MEM_SIZE),
        query.number(CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        query.number(CL.CL_DEVICE_LOCAL_MEM_SIZE),
        (int) query.number(CL.CL_DEVICE_MAX_COMPUTE_UNITS),
        query.number(CL.CL_DEVICE_DOUBLE_FP_CONFIG) != 0,
        (single & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0,
        (single & CL.CL_FP_DENORM) != 0,
        query.number(CL.CL_DEVICE_HOST_UNIFIED_MEMORY) != 0);
  }

  /** Whether work-items are a processor's threads, which like many elements each. */
  boolean isProcessor() {
    return kind == Kind.CPU || kind == Kind.OTHER;
  }

  /**
   * Sees to it that an array can be an array here.
   *
   * @throws KilnException where it is too large
   */
  void checkFits(long bytes) {
    if (bytes > largestBuffer) {
      throw new KilnException(
          "an array of "
              + bytes
              + " bytes is more than the OpenCL device "
              + name
              + " takes, "
              + largestBuffer
              + " bytes; compute in parts, or on the cpu backend");
    }
  }

  /** What it is, for people. */
  String describe() {
    return name
        + " ("
        + kind.word()
        + ", "
        + units
        + (units == 1 ? " unit, " : " units, ")
        + platform
        + ")"
        + String.join("", remarks().stream().map(remark -> "; " + remark).toList());
  }

  /** What distinguishes compiled programs: everything that a driver's compiler may depend on. */
  String fingerprint() {
    return platform + "\n" + name + "\n" + version + "\n" + driver;
  }

  /** As the list of devices has it. */
  Device forPeople() {
    return new Device(
        OpenClProvider.NAME + ":" + number,
        name,
        kind.word(),
        memoryBytes,
        units,
        float64,
        platform + ", driver " + driver,
        remarks());
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!float64) {
      remarks.add("no float64: such arrays, and functions that go through it, need another device");
    }
    if (!subnormals) {
      remarks.add("float32 numbers below 2^-126 become 0: results may differ from other devices'");
    }
    if (!exactDivision && !float64) {
      remarks.add("division and square root are not rounded correctly, and there is no way around");
    }
    return remarks;
  }
}
