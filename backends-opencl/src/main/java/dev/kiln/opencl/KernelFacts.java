package dev.kiln.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;

/**
 * What a driver knows of a compiled kernel.
 *
 * @param count of its parameters
 * @param parameters what they are; empty where the driver does not tell
 * @param largestGroup the most work-items of a group
 * @param fixedGroup the group that the kernel demands; zeros where it demands none
 * @param localBytes that the kernel's own local variables take
 */
record KernelFacts(
    int count,
    List<Parameter> parameters,
    long largestGroup,
    List<Long> fixedGroup,
    long localBytes) {

  /** Where a parameter lies. */
  enum Space {
    GLOBAL,
    CONSTANT,
    LOCAL,
    PRIVATE
  }

  /**
   * A parameter.
   *
   * @param type as the driver names it: {@code float*}
   * @param isConst whether what it points to is const
   */
  record Parameter(Space space, String type, String name, boolean isConst) {
    boolean isPointer() {
      return type.endsWith("*");
    }

    /** As one would write it. */
    @Override
    public String toString() {
      String qualifier = space == Space.PRIVATE ? "" : space.name().toLowerCase(Locale.ROOT) + " ";
      return qualifier + (isConst && space == Space.GLOBAL ? "const " : "") + type + " " + name;
    }
  }

  static KernelFacts of(cl_kernel kernel, cl_device_id device) {
    int count = (int) Query.of(kernel).number(CL.CL_KERNEL_NUM_ARGS);
    Query here = Query.of(kernel, device);
    List<Long> fixed = new ArrayList<>();
    for (long extent : here.numbers(CL.CL_KERNEL_COMPILE_WORK_GROUP_SIZE)) {
      fixed.add(extent);
    }
    return new KernelFacts(
        count,
        parameters(kernel, count),
        here.number(CL.CL_KERNEL_WORK_GROUP_SIZE),
        fixed,
        here.number(CL.CL_KERNEL_LOCAL_MEM_SIZE));
  }

  private static List<Parameter> parameters(cl_kernel kernel, int count) {
    List<Parameter> parameters = new ArrayList<>();
    try {
      for (int p = 0; p < count; p++) {
        Query query = Query.of(kernel, p);
        Space space =
            switch ((int) query.number(CL.CL_KERNEL_ARG_ADDRESS_QUALIFIER)) {
              case CL.CL_KERNEL_ARG_ADDRESS_GLOBAL -> Space.GLOBAL;
              case CL.CL_KERNEL_ARG_ADDRESS_CONSTANT -> Space.CONSTANT;
              case CL.CL_KERNEL_ARG_ADDRESS_LOCAL -> Space.LOCAL;
              default -> Space.PRIVATE;
            };
        long qualifiers = query.number(CL.CL_KERNEL_ARG_TYPE_QUALIFIER);
        parameters.add(
            new Parameter(
                space,
                plain(query.text(CL.CL_KERNEL_ARG_TYPE_NAME)),
                query.text(CL.CL_KERNEL_ARG_NAME),
                (qualifiers & CL.CL_KERNEL_ARG_TYPE_CONST) != 0));
      }
    } catch (CLException e) {
      if (e.getStatus() == CL.CL_KERNEL_ARG_INFO_NOT_AVAILABLE) {
        return List.of();
      }
      throw e;
    }
    return parameters;
  }

  /** A type's name in one spelling. */
  private static String plain(String type) {
    String words = type.replace("unsigned ", "u").replace("const ", "").strip();
    return words.replace(" ", "");
  }
}
