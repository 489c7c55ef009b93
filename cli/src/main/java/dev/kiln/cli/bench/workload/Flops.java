package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.function.Elementary;
import java.util.List;

/** What an elementary function costs. */
final class Flops {
  private Flops() {}

  /** The floating-point operations in the definition of a function of one argument. */
  static int of(Elementary function, DType dtype) {
    Body body = new Body();
    function.apply(List.of(body.load(dtype, 0)));
    return body.instrs().stream().mapToInt(Flops::of).sum();
  }

  private static int of(Instr instr) {
    return instr instanceof Instr.Apply apply
            && apply.dtype().isFloat()
            && apply.op().group() == Opcode.Group.ARITHMETIC
        ? apply.op() == Opcode.FMA ? 2 : 1
        : 0;
  }
}
