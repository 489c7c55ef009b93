package dev.kiln.opencl.own;

import dev.kiln.KilnException;
import java.util.regex.Pattern;

/**
 * A kernel in OpenCL C, to be launched on arrays of engines that compute with OpenCL. Its results
 * are delayed arrays like all others: nothing runs before they are needed, and a result that is
 * computed once is computed for all who use it.
 *
 * {@snippet file="dev/kiln/opencl/own/OpenClTour.java" region="kernel"}
 *
 * <p>Kiln compiles the text when it is first called in an engine, and compares what it is given
 * with what the kernel declares: number and types of arguments, where pointers point, sizes of
 * groups. It cannot see what the kernel does with its pointers: one that reads or writes beyond its
 * arrays may crash the process, as in C. What it computes is the device's own: {@code x * y + z}
 * may be contracted unless the text says {@code #pragma OPENCL FP_CONTRACT OFF}, and built-in
 * functions differ between drivers.
 *
 * <p>Nothing that such a kernel has a part in is kept in a result store.
 *
 * @param source the program's text
 * @param name the kernel's in it
 * @param options for the compiler, such as {@code -D N=16}; empty for none
 */
public record OpenClKernel(String source, String name, String options) {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * A kernel.
   *
   * @throws KilnException where the name cannot be a kernel's, or there is no text
   */
  public OpenClKernel {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw new KilnException(
          "'" + name + "' cannot be the name of a kernel; give the one in the source");
    }
    if (source.isBlank()) {
      throw new KilnException(
          "the source of kernel '" + name + "' is empty; give the text of an OpenCL C program");
    }
    if (source.indexOf('\0') >= 0 || options.indexOf('\0') >= 0) {
      throw new KilnException(
          "the source or options of kernel '" + name + "' have a character 0; remove it");
    }
  }

  /**
   * The kernel of that name in a program.
   *
   * @throws KilnException where the name cannot be a kernel's, or there is no text
   */
  public static OpenClKernel of(String source, String name) {
    return new OpenClKernel(source, name, "");
  }

  /** The same with other options for the compiler. */
  public OpenClKernel withOptions(String options) {
    return new OpenClKernel(source, name, options);
  }

  /**
   * Begins a launch.
   *
   * @param items work-items in each of one to three dimensions
   */
  public OpenClLaunch over(long... items) {
    return OpenClLaunch.of(this, items);
  }
}
