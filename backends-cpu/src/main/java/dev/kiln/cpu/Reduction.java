package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One reduction of a kernel, or a mean and a sum of squared deviations of the same values together.
 */
final class Reduction {
  private final Kernel kernel;
  private final List<Integer> outputs;
  private final ReduceOp op;
  private final DType dtype;
  private final Part part;
  private final int[] units;
  private final Form form;
  private final AtomicLong served = new AtomicLong();

  /** How the sequences are reduced: one after another, or side by side. */
  private sealed interface Form {
    record Fold(FoldRows rows, FoldColumns columns) implements Form {}

    record Arg(ArgRows rows) implements Form {}

    record Moment(MomentRows rows, MomentColumns columns) implements Form {}
  }

  /**
   * Prepares a reduction.
   *
   * @param outputs of the kernel: one, or two moments of one value
   */
  Reduction(Kernel kernel, List<Integer> outputs, Machine machine) {
    this.kernel = kernel;
    this.outputs = List.copyOf(outputs);
    Output.Reduce reduce = (Output.Reduce) kernel.outputs().get(outputs.getFirst());
    this.op = reduce.op();
    this.part = Part.of(kernel, reduce.value());
    this.dtype = part.dtype();
    this.units = part.operands().stream().mapToInt(Call::unit).toArray();
    this.form =
        switch (op) {
          case SUM, PROD, MIN, MAX ->
              new Form.Fold(new FoldRows(op, part, machine), new FoldColumns(op, part, machine));
          case ARGMIN, ARGMAX -> new Form.Arg(new ArgRows(op, part, machine));
          case MEAN, SQUARED_DEVIATIONS ->
              new Form.Moment(new MomentRows(part, machine), new MomentColumns(part, machine));
        };
  }

  void run(Call call) {
    List<Launch.Access> accesses = new ArrayList<>(units.length);
    long[] bases = new long[units.length];
    for (int k = 0; k < units.length; k++) {
      int source = part.operandSources().get(k);
      accesses.add(call.launch().operands().get(source));
      bases[k] = call.operandBases()[source];
    }
    Geometry geometry =
        Geometry.of(call.launch().extents(), kernel.keptRank(), accesses, bases, units);
    if (geometry.reducedPoints() == 0) {
      outputs.forEach(o -> fillEmpty(call, o));
      return;
    }
    long[] params = call.params(part.paramSources());
    long elements = geometry.keptPoints() * geometry.reducedPoints();
    boolean worthHeating = served.addAndGet(elements) >= StoreRun.WORTH_HEATING;
    boolean sideBySide = Columns.suits(part, geometry);
    switch (form) {
      case Form.Fold(FoldRows rows, FoldColumns columns) -> {
        if (sideBySide) {
          columns.run(geometry, params, call.result(outputs.getFirst()));
        } else {
          if (worthHeating) {
            rows.heat();
          }
          rows.run(geometry, params, call.result(outputs.getFirst()));
        }
      }
      case Form.Arg(ArgRows rows) -> {
        if (worthHeating) {
          rows.heat();
        }
        rows.run(geometry, params, call.result(outputs.getFirst()));
      }
      case Form.Moment(MomentRows rows, MomentColumns columns) -> {
        long means = target(call, ReduceOp.MEAN);
        long squares = target(call, ReduceOp.SQUARED_DEVIATIONS);
        if (sideBySide) {
          columns.run(geometry, params, means, squares);
        } else {
          if (worthHeating) {
            rows.heat();
          }
          rows.run(geometry, params, means, squares);
        }
      }
    }
  }

  /** Where the results of an operation go; 0 for nowhere. */
  private long target(Call call, ReduceOp wanted) {
    for (int o : outputs) {
      if (((Output.Reduce) kernel.outputs().get(o)).op() == wanted) {
        return call.result(o);
      }
    }
    return 0;
  }

  private void fillEmpty(Call call, int output) {
    Output.Reduce reduce = (Output.Reduce) kernel.outputs().get(output);
    long bits =
        switch (reduce.op()) {
          case SUM -> 0;
          case SQUARED_DEVIATIONS -> 0;
          case PROD -> Bits.ofLong(dtype, 1);
          case MEAN -> Bits.canonicalNaN(dtype);
          case MIN, MAX, ARGMIN, ARGMAX ->
              throw new AssertionError(reduce.op() + " of no elements has no value");
        };
    long points = 1;
    for (int d = 0; d < kernel.keptRank(); d++) {
      points *= call.launch().extents().get(d);
    }
    Raw.fill(dtype, call.result(output), points, bits);
  }

  String describe() {
    return op
        + " by "
        + switch (form) {
          case Form.Fold(FoldRows rows, FoldColumns columns) ->
              rows.describe() + columns.describe();
          case Form.Arg(ArgRows rows) -> rows.describe();
          case Form.Moment(MomentRows rows, MomentColumns columns) ->
              rows.describe() + columns.describe();
        };
  }

  /** The reductions of a kernel: each output by itself but for moments of one value. */
  static List<Reduction> of(Kernel kernel, Machine machine) {
    List<Reduction> each = new ArrayList<>();
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Integer partner = partner(kernel, o);
      if (partner == null) {
        each.add(new Reduction(kernel, List.of(o), machine));
      } else if (partner > o) {
        each.add(new Reduction(kernel, List.of(o, partner), machine));
      }
    }
    return each;
  }

  /** The other moment of the same value; null for none. */
  private static @Nullable Integer partner(Kernel kernel, int output) {
    Output.Reduce reduce = (Output.Reduce) kernel.outputs().get(output);
    ReduceOp other =
        switch (reduce.op()) {
          case MEAN -> ReduceOp.SQUARED_DEVIATIONS;
          case SQUARED_DEVIATIONS -> ReduceOp.MEAN;
          case SUM, PROD, MIN, MAX, ARGMIN, ARGMAX -> null;
        };
    if (other == null) {
      return null;
    }
    int at = kernel.outputs().indexOf(new Output.Reduce(other, reduce.dtype(), reduce.value()));
    boolean first = kernel.outputs().indexOf(reduce) == output;
    return at < 0 || !first ? null : at;
  }
}
