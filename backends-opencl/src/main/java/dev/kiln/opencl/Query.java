package dev.kiln.opencl;

import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/** Asks OpenCL about one of its objects. */
@FunctionalInterface
interface Query {
  /** OpenCL's own function for it: the answer's bytes, or their number. */
  void ask(int what, long bytes, @Nullable Pointer answer, long @Nullable [] size);

  static Query of(cl_platform_id platform) {
    return (what, bytes, answer, size) -> CL.clGetPlatformInfo(platform, what, bytes, answer, size);
  }

  static Query of(cl_device_id device) {
    return (what, bytes, answer, size) -> CL.clGetDeviceInfo(device, what, bytes, answer, size);
  }

  /** What building a program said. */
  static Query ofBuild(cl_program program, cl_device_id device) {
    return (what, bytes, answer, size) ->
        CL.clGetProgramBuildInfo(program, device, what, bytes, answer, size);
  }

  /** What a kernel is. */
  static Query of(cl_kernel kernel) {
    return (what, bytes, answer, size) -> CL.clGetKernelInfo(kernel, what, bytes, answer, size);
  }

  /** One of a kernel's parameters. */
  static Query of(cl_kernel kernel, int parameter) {
    return (what, bytes, answer, size) ->
        CL.clGetKernelArgInfo(kernel, parameter, what, bytes, answer, size);
  }

  /** A kernel on a device. */
  static Query of(cl_kernel kernel, cl_device_id device) {
    return (what, bytes, answer, size) ->
        CL.clGetKernelWorkGroupInfo(kernel, device, what, bytes, answer, size);
  }

  /** What is in a program. */
  static Query of(cl_program program) {
    return (what, bytes, answer, size) -> CL.clGetProgramInfo(program, what, bytes, answer, size);
  }

  /** An answer that is a few numbers of the size of an address. */
  default long[] numbers(int what) {
    long[] size = new long[1];
    ask(what, 0, null, size);
    long[] answer = new long[Math.toIntExact(size[0] / Long.BYTES)];
    ask(what, size[0], Pointer.to(answer), null);
    return answer;
  }

  /** An answer that is text. */
  default String text(int what) {
    long[] size = new long[1];
    ask(what, 0, null, size);
    byte[] bytes = new byte[Math.toIntExact(size[0])];
    ask(what, bytes.length, Pointer.to(bytes), null);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8).strip();
  }

  /** An answer that is a number of at most 64 bits. */
  default long number(int what) {
    long[] answer = new long[1];
    long[] size = new long[1];
    ask(what, 0, null, size);
    ask(what, size[0], Pointer.to(answer), null);
    return answer[0];
  }
}
