package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;

/** Which reductions a kernel consists of; the moments of one value are taken together. */
final class Partials {
  private Partials() {}

  static List<Partial> of(Kernel kernel) {
    List<Partial> partials = new ArrayList<>();
    List<Partial> moments = new ArrayList<>();
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output.Reduce reduce = (Output.Reduce) kernel.outputs().get(o);
      DType dtype = kernel.body().get(reduce.value()).dtype();
      switch (reduce.op()) {
        case SUM, PROD ->
            partials.add(
                dtype.isFloat()
                    ? new CanonicalFold(reduce.op() == ReduceOp.SUM, dtype, reduce.value(), o)
                    : new PlainFold(reduce.op(), dtype, reduce.value(), o));
        case MIN, MAX -> partials.add(new PlainFold(reduce.op(), dtype, reduce.value(), o));
        case ARGMIN, ARGMAX ->
            partials.add(new ArgFold(reduce.op() == ReduceOp.ARGMAX, dtype, reduce.value(), o));
        case MEAN, SQUARED_DEVIATIONS -> {
          if (isFirstMoment(kernel, o)) {
            moments.add(
                new MomentsFold(
                    dtype,
                    reduce.value(),
                    outputs(kernel, reduce.value(), ReduceOp.MEAN),
                    outputs(kernel, reduce.value(), ReduceOp.SQUARED_DEVIATIONS)));
          }
        }
      }
    }
    // They use up the block's elements, so they come last.
    partials.addAll(moments);
    return partials;
  }

  private static boolean isFirstMoment(Kernel kernel, int output) {
    int value = kernel.outputs().get(output).value();
    List<Integer> all = new ArrayList<>(outputs(kernel, value, ReduceOp.MEAN));
    all.addAll(outputs(kernel, value, ReduceOp.SQUARED_DEVIATIONS));
    return all.stream().allMatch(o -> o >= output);
  }

  private static List<Integer> outputs(Kernel kernel, int value, ReduceOp op) {
    List<Integer> outputs = new ArrayList<>();
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output.Reduce reduce = (Output.Reduce) kernel.outputs().get(o);
      if (reduce.value() == value && reduce.op() == op) {
        outputs.add(o);
      }
    }
    return outputs;
  }
}
