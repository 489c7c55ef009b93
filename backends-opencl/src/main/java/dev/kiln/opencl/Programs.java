package dev.kiln.opencl;

import dev.kiln.KilnException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_program;

/** Compiles programs for one device; what was compiled before is read from {@link BinaryFiles}. */
final class Programs {
  private static final System.Logger LOG = System.getLogger(Programs.class.getName());

  /** Part of every key: to be raised where a file's contents change their meaning. */
  private static final String VERSION = "1";

  /** What PoCL 3.1 says now and then where several threads compile or launch at once. */
  private static final String LOST_FILE = "unable to rename temporary";

  private static final int TRIES = 5;

  private final ClDevice device;
  private final cl_context context;
  private final Optional<BinaryFiles> files;
  private final AtomicLong compiled = new AtomicLong();
  private final AtomicLong loaded = new AtomicLong();

  Programs(ClDevice device, cl_context context, Optional<BinaryFiles> files) {
    this.device = device;
    this.context = context;
    this.files = files;
  }

  /** How many programs were compiled from source here. */
  long compiled() {
    return compiled.get();
  }

  /** How many programs were read from files here. */
  long loaded() {
    return loaded.get();
  }

  /**
   * The options that every program is built with: nothing relaxed, and division rounded correctly
   * where the device can.
   */
  static String options(ClDevice device, boolean wideIndex) {
    return "-w -cl-std=CL1.2 -D INDEX="
        + (wideIndex ? "long" : "int")
        + (device.exactDivision() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");
  }

  /**
   * A program, ready to run.
   *
   * @throws KilnException where it does not compile; the message has the compiler's log
   */
  cl_program build(String source, String options) {
    String key = String.join("\n", VERSION, device.fingerprint(), options, source);
    Optional<byte[]> binary = files.flatMap(kept -> kept.read(key));
    if (binary.isPresent()) {
      Optional<cl_program> program = ofBinary(binary.get(), options);
      if (program.isPresent()) {
        loaded.incrementAndGet();
        return program.get();
      }
      files.ifPresent(kept -> kept.delete(key));
    }
    cl_program program = compile(source, options);
    files.ifPresent(kept -> kept.write(key, binary(program)));
    return program;
  }

  /**
   * The same from its source, whatever is kept.
   *
   * @throws KilnException where it does not compile; the message has the compiler's log
   */
  cl_program compile(String source, String options) {
    cl_program program = ofSource(source, options);
    compiled.incrementAndGet();
    return program;
  }

  private Optional<cl_program> ofBinary(byte[] binary, String options) {
    cl_program program;
    try {
      program =
          CL.clCreateProgramWithBinary(
              context,
              1,
              devices(),
              new long[] {binary.length},
              new byte[][] {binary},
              new int[1],
              null);
    } catch (CLException e) {
      LOG.log(Level.DEBUG, "the driver does not take a kept program; it is compiled again", e);
      return Optional.empty();
    }
    try {
      CL.clBuildProgram(program, 1, devices(), options, null, null);
      return Optional.of(program);
    } catch (CLException e) {
      LOG.log(Level.DEBUG, "a kept program does not build; it is compiled again", e);
      CL.clReleaseProgram(program);
      return Optional.empty();
    }
  }

  private cl_program ofSource(String source, String options) {
    for (int tries = 1; ; tries++) {
      cl_program program =
          CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
      try {
        CL.clBuildProgram(program, 1, devices(), options, null, null);
        return program;
      } catch (CLException e) {
        String log = Query.ofBuild(program, device.id()).text(CL.CL_PROGRAM_BUILD_LOG);
        CL.clReleaseProgram(program);
        if (!log.contains(LOST_FILE) || tries == TRIES) {
          throw rejected(source, options, log, e);
        }
        LOG.log(Level.DEBUG, "the driver lost a file of its own; it compiles again", e);
      }
    }
  }

  private KilnException rejected(String source, String options, String log, CLException e) {
    return new KilnException(
        "a kernel does not compile for "
            + device.name()
            + " ("
            + CL.stringFor_errorCode(e.getStatus())
            + ") with the options '"
            + options
            + "'; the compiler's log:\n"
            + log
            + "\nthe source:\n"
            + source,
        e);
  }

  private static byte[] binary(cl_program program) {
    long[] size = new long[1];
    CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARY_SIZES, Long.BYTES, Pointer.to(size), null);
    byte[] binary = new byte[Math.toIntExact(size[0])];
    CL.clGetProgramInfo(
        program, CL.CL_PROGRAM_BINARIES, Long.BYTES, Pointer.to(Pointer.to(binary)), null);
    return binary;
  }

  private cl_device_id[] devices() {
    return new cl_device_id[] {device.id()};
  }
}
