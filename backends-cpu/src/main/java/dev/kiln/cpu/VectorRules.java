package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What has fast vector code at a given vector width, and what has not. */
final class VectorRules {
  /** The largest body that is repeated for each vector of a group of lanes. */
  private static final int LARGEST_FUSED_REDUCTION = 16;

  /** The narrowest vector there is. */
  private static final int SHORTEST = 8;

  private final int width;

  /** Creates the rules for vectors of that many bytes, which may be 0. */
  VectorRules(int width) {
    this.width = width;
  }

  /**
   * The form of a kernel of one loop dimension.
   *
   * @param lanes elements a vector; 0 where the kernel has to be scalar
   * @param reason why it has to be
   */
  record Form(int lanes, String reason) {
    static Form scalar(String reason) {
      return new Form(0, reason);
    }

    boolean isVector() {
      return lanes > 0;
    }
  }

  /** Decides on a kernel of one loop dimension. */
  Form form(Kernel kernel) {
    if (width == 0) {
      return Form.scalar("no vectors");
    }
    for (Operand operand : kernel.operands()) {
      if (operand.access() == Operand.Access.STRIDED) {
        return Form.scalar("a strided operand");
      }
      if (operand.source() == Operand.Source.INDEX) {
        return Form.scalar("an index operand");
      }
    }
    for (Output output : kernel.outputs()) {
      if (output instanceof Output.Store(var d, var v, Operand.Access access)
          && access == Operand.Access.STRIDED) {
        return Form.scalar("a strided output");
      }
    }
    Needed needed = Needed.by(kernel.body(), kernel.outputs().stream().map(Output::value).toList());
    Set<DType> inVectors = EnumSet.noneOf(DType.class);
    for (int at = 0; at < kernel.body().size(); at++) {
      if (needed.usually(at)) {
        Instr instr = kernel.body().get(at);
        if (!isVector(instr, kernel.body())) {
          return Form.scalar(instr instanceof Instr.Apply apply ? "" + apply.op() : "" + instr);
        }
        if (instr.dtype() != DType.BOOL || instr instanceof Instr.Load) {
          inVectors.add(instr.dtype());
        }
      }
    }
    for (Output output : kernel.outputs()) {
      inVectors.add(output.dtype());
      if (output instanceof Output.Reduce && !fuses(kernel, inVectors)) {
        return Form.scalar("a reduction of several dtypes, or a large one");
      }
    }
    int widest = inVectors.stream().mapToInt(DType::bytes).max().orElseThrow();
    int narrowest = inVectors.stream().mapToInt(DType::bytes).min().orElseThrow();
    int lanes = width / widest;
    if (lanes * narrowest < SHORTEST) {
      return Form.scalar("elements of " + narrowest + " and " + widest + " bytes");
    }
    return new Form(lanes, "");
  }

  private static boolean fuses(Kernel kernel, Set<DType> dtypes) {
    return dtypes.size() == 1
        && kernel.body().size() <= LARGEST_FUSED_REDUCTION
        && kernel.body().stream().noneMatch(VectorRules::isRare)
        && !dtypes.contains(DType.BOOL);
  }

  private static boolean isRare(Instr instr) {
    return instr instanceof Instr.Apply apply && apply.op() == Opcode.RARE;
  }

  /** Whether an instruction, taken by itself, has fast vector code. */
  boolean isVector(Instr instr, List<Instr> body) {
    if (width == 0) {
      return false;
    }
    if (!(instr instanceof Instr.Apply apply)) {
      return true;
    }
    DType from = body.get(apply.a()).dtype();
    return switch (apply.op().group()) {
      case LIBRARY, INTEGER_DIVISION -> false;
      case CONVERSION -> apply.op() == Opcode.BITCAST || casts(from, apply.dtype());
      // A 64-bit abs is an AVX-512 instruction.
      case ARITHMETIC -> apply.op() != Opcode.ABS || from != DType.INT64 || isWide();
      case BITWISE, COMPARE, CHOICE -> true;
    };
  }

  /** Conversions between 64-bit integers and floats need AVX-512; without it they box. */
  private boolean casts(DType from, DType to) {
    if (from == DType.UINT64 && to.isFloat()) {
      return false;
    }
    if ((from == DType.INT64 && to.isFloat()) || (from.isFloat() && to == DType.INT64)) {
      return isWide();
    }
    return true;
  }

  /** Whether the vectors are AVX-512's. */
  private boolean isWide() {
    return width >= 64;
  }
}
