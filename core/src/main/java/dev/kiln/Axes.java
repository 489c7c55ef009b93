package dev.kiln;

import java.util.Arrays;
import java.util.List;

/**
 * Which axes a reduction goes over, and whether they stay.
 *
 * {@snippet :
 * x.sum(0);                                    // the rows are added up; axis 0 is gone
 * x.sum(Axes.of(0).keepDims());                // axis 0 stays with extent 1
 * x.subtract(x.mean(Axes.of(-1).keepDims()));  // which is what broadcasting needs
 * }
 *
 * @param axes negative from the end, each once; none for all
 * @param keepsDims whether the reduced axes stay with extent 1
 */
public record Axes(List<Integer> axes, boolean keepsDims) {
  /** Copies the axes. */
  public Axes {
    axes = List.copyOf(axes);
  }

  /** All axes. */
  public static Axes all() {
    return new Axes(List.of(), false);
  }

  /** The given axes, negative from the end; all where none is given. */
  public static Axes of(int... axes) {
    return new Axes(Arrays.stream(axes).boxed().toList(), false);
  }

  /** The same axes, which stay with extent 1. */
  public Axes keepDims() {
    return new Axes(axes, true);
  }
}
