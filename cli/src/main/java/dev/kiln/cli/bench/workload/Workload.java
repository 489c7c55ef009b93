package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** Something that users compute, at a size that may be scaled. */
public interface Workload {
  /** The name on the command line. */
  String name();

  /** What it computes, in a few words. */
  String description();

  /** The number of elements at scale 1. */
  long elements();

  /** The largest difference to the right answer in float32, in parts of its largest element. */
  double tolerance();

  /** What goes in, for about n elements. */
  List<Input> inputs(long n);

  /** The delayed computation. */
  NDArray expression(List<NDArray> inputs);

  /**
   * The right answer in double, by plain Java: element by element, in row-major order, for several
   * threads at once.
   */
  LongToDoubleFunction answer(List<Values> inputs);

  /** What has to be moved and computed for that many elements. */
  Work work(long n, DType dtype);
}
