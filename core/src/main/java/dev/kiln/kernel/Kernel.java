package dev.kiln.kernel;

import dev.kiln.DType;
import java.util.List;

/**
 * A loop nest: at every point of an index space it reads operands by affine maps, evaluates a
 * linear body, and stores or reduces some of the values.
 *
 * <p>A kernel is structure only. Extents, offsets, strides, scalars and buffers come with each
 * launch, so that one compiled kernel serves all sizes. The index space has {@code keptRank}
 * dimensions followed by {@code reducedRank} dimensions which together, in row-major order, are the
 * sequence that {@link Output.Reduce} reduces; it is 0 where every output is a store.
 *
 * @param keptRank loop dimensions that outputs have; at least 1 for a kernel of stores
 * @param reducedRank loop dimensions that are reduced
 * @param operands the arrays that are read
 * @param params the dtypes of the scalars given at launch
 * @param body the instructions
 * @param outputs all stores, or all reductions; at least one
 */
public record Kernel(
    int keptRank,
    int reducedRank,
    List<Operand> operands,
    List<DType> params,
    List<Instr> body,
    List<Output> outputs) {
  public Kernel {
    operands = List.copyOf(operands);
    params = List.copyOf(params);
    body = List.copyOf(body);
    outputs = List.copyOf(outputs);
    KernelVerifier.check(keptRank, reducedRank, operands, params, body, outputs);
  }

  /** The number of loop dimensions. */
  public int rank() {
    return keptRank + reducedRank;
  }

  /** Whether the outputs are reductions. */
  public boolean reduces() {
    return reducedRank > 0;
  }
}
