package dev.kiln.schedule;

import dev.kiln.DType;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.lower.Lowered;
import dev.kiln.schedule.cost.Work;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a kernel moves and computes, each element of an array counted once.
 *
 * @param bytes read and written
 * @param flops floating-point operations, a fused multiply-add counted as two
 */
public record Cost(long bytes, long flops) {
  /** The cost of a step. */
  static Cost of(Step step) {
    return switch (step) {
      case Step.Kernels kernels -> of(kernels.pieces());
      case Step.Call call -> RoutineCost.of(call);
    };
  }

  /** What a step asks of a device. */
  static Work work(Step step) {
    Cost cost = of(step);
    Set<Node> touched = new HashSet<>(step.reads());
    touched.addAll(step.targets());
    boolean float64 = touched.stream().anyMatch(node -> node.dtype() == DType.FLOAT64);
    if (step instanceof Step.Kernels(_, _, List<Lowered> pieces)) {
      for (Lowered piece : pieces) {
        float64 |= piece.kernel().body().stream().anyMatch(i -> i.dtype() == DType.FLOAT64);
      }
    }
    long footprint = Graphs.bytes(touched);
    return new Work(cost.bytes(), cost.flops(), float64, footprint);
  }

  /** The cost of several launches. */
  static Cost of(List<Lowered> pieces) {
    long bytes = 0;
    long flops = 0;
    for (Lowered piece : pieces) {
      Cost cost = of(piece);
      bytes += cost.bytes();
      flops += cost.flops();
    }
    return new Cost(bytes, flops);
  }

  /** The cost of one launch. */
  public static Cost of(Lowered lowered) {
    long bytes = 0;
    for (int k = 0; k < lowered.reads().size(); k++) {
      Operand operand = lowered.kernel().operands().get(k);
      if (operand.source() == Operand.Source.MEMORY) {
        bytes +=
            touched(lowered.extents(), lowered.reads().get(k).strides()) * operand.dtype().bytes();
      }
    }
    for (int k = 0; k < lowered.writes().size(); k++) {
      Output output = lowered.kernel().outputs().get(k);
      bytes +=
          touched(lowered.extents(), lowered.writes().get(k).strides()) * output.dtype().bytes();
    }
    long flops = 0;
    for (Instr instr : lowered.kernel().body()) {
      flops += flops(instr);
    }
    if (lowered.kernel().reduces()) {
      flops += lowered.kernel().outputs().size();
    }
    return new Cost(bytes, flops * lowered.points());
  }

  private static long touched(List<Long> extents, List<Long> strides) {
    long points = 1;
    for (int d = 0; d < strides.size(); d++) {
      points *= strides.get(d) == 0 ? 1 : extents.get(d);
    }
    return points;
  }

  private static long flops(Instr instr) {
    if (instr instanceof Instr.Apply apply && apply.dtype().isFloat()) {
      boolean counts =
          apply.op().group() == Opcode.Group.ARITHMETIC
              || apply.op().group() == Opcode.Group.LIBRARY;
      return apply.op() == Opcode.FMA ? 2 : counts ? 1 : 0;
    }
    return 0;
  }
}
