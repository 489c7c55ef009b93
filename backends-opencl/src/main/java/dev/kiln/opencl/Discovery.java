package dev.kiln.opencl;

import dev.kiln.KilnException;
import dev.kiln.spi.Availability;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** The OpenCL devices of this machine, or why there are none. Nothing here throws. */
sealed interface Discovery {
  /** There are some; the one taken by default first. */
  record Found(List<ClDevice> devices) implements Discovery {}

  /** There are none. */
  record Nothing(Availability.Missing missing) implements Discovery {}

  /** Looks for devices. */
  static Discovery find() {
    if (!hasLoader()) {
      return nothing("there is no OpenCL library (libOpenCL) on this machine", LOADER);
    }
    try {
      CL.setExceptionsEnabled(true);
      List<ClDevice> devices = devices();
      return devices.isEmpty()
          ? nothing("OpenCL has platforms but no device", INSTALL)
          : new Found(devices);
    } catch (CLException e) {
      return e.getStatus() == NO_PLATFORM
          ? nothing("OpenCL has no platform: no driver is installed", INSTALL)
          : nothing("an OpenCL driver failed: " + e.getMessage(), REPAIR);
    } catch (LinkageError e) {
      return nothing(
          "JOCL's native library cannot be loaded on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": "
              + firstLine(e),
          "use Linux, macOS or Windows on x86-64 or arm64, start Java with"
              + " --enable-native-access=ALL-UNNAMED, and let it write to java.io.tmpdir");
    }
  }

  /** Whether there is a library to load. JOCL looks too, but prints what it does not find. */
  private static boolean hasLoader() {
    try (Arena arena = Arena.ofConfined()) {
      for (String library : LIBRARIES) {
        try {
          SymbolLookup.libraryLookup(library, arena);
          return true;
        } catch (IllegalArgumentException e) {
          // Not under this name.
        }
      }
    }
    return false;
  }

  /** What OpenCL's loader is called on Linux, Windows and macOS. */
  List<String> LIBRARIES =
      List.of(
          "libOpenCL.so.1",
          "libOpenCL.so",
          "OpenCL.dll",
          "/System/Library/Frameworks/OpenCL.framework/OpenCL");

  /** What the loader answers when it knows no driver (CL_PLATFORM_NOT_FOUND_KHR). */
  int NO_PLATFORM = -1001;

  String INSTALL =
      "install your GPU's OpenCL driver, or PoCL for the processor (Debian, Ubuntu: apt-get install"
          + " pocl-opencl-icd)";

  String LOADER =
      "install it and a driver (Debian, Ubuntu: apt-get install ocl-icd-libopencl1"
          + " pocl-opencl-icd)";

  String REPAIR = "reinstall the driver, or remove its file from /etc/OpenCL/vendors";

  private static Discovery nothing(String reason, String cure) {
    return new Nothing(new Availability.Missing(reason, cure));
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static List<ClDevice> devices() {
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    if (platforms.length == 0) {
      throw new CLException("no platform", NO_PLATFORM);
    }
    CL.clGetPlatformIDs(platforms.length, platforms, null);
    List<ClDevice> devices = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      for (cl_device_id id : devices(platform)) {
        devices.add(ClDevice.of(0, platform, id));
      }
    }
    devices.sort(Comparator.comparing(ClDevice::kind));
    List<ClDevice> numbered = new ArrayList<>();
    for (ClDevice device : devices) {
      numbered.add(ClDevice.of(numbered.size(), device.platformId(), device.id()));
    }
    return List.copyOf(numbered);
  }

  private static cl_device_id[] devices(cl_platform_id platform) {
    int[] count = new int[1];
    try {
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
    } catch (CLException e) {
      if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) {
        return new cl_device_id[0];
      }
      throw e;
    }
    cl_device_id[] devices = new cl_device_id[count[0]];
    CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, devices.length, devices, null);
    return devices;
  }

  /**
   * The device of that number, kind, or name in part.
   *
   * @throws KilnException where there is none
   */
  static ClDevice choose(List<ClDevice> devices, String wanted) {
    String word = wanted.strip().toLowerCase(Locale.ROOT);
    for (ClDevice device : devices) {
      if (word.equals(Integer.toString(device.number())) || word.equals(device.kind().word())) {
        return device;
      }
    }
    for (ClDevice device : devices) {
      if (!word.isEmpty() && device.name().toLowerCase(Locale.ROOT).contains(word)) {
        return device;
      }
    }
    throw new KilnException(
        "no OpenCL device is '"
            + wanted
            + "'; expected a number, a kind, or a part of a name of: "
            + String.join(
                ", ",
                devices.stream()
                    .map(d -> d.number() + " " + d.name() + " (" + d.kind().word() + ")")
                    .toList()));
  }
}
