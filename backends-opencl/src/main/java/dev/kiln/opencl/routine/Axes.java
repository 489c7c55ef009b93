package dev.kiln.opencl.routine;

import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Some axes of an array, as few as say the same: those of one element are left out, and neighbours
 * that one stride goes through are one.
 *
 * @param axes at least one
 */
public record Axes(List<Axis> axes) {
  public Axes {
    axes = List.copyOf(axes);
  }

  /** An axis; the stride is in elements. */
  public record Axis(long extent, long stride) {}

  /** Axes from to to − 1 of an array. */
  static Axes of(RoutineLaunch.Array array, int from, int to) {
    List<Axis> axes = new ArrayList<>();
    for (int a = from; a < to; a++) {
      long extent = array.shape().extent(a);
      long stride = array.strides().get(a);
      if (extent == 1) {
        continue;
      }
      if (!axes.isEmpty() && axes.getLast().stride() == stride * extent) {
        extent *= axes.removeLast().extent();
      }
      axes.add(new Axis(extent, stride));
    }
    return new Axes(axes.isEmpty() ? List.of(new Axis(1, 0)) : axes);
  }

  /** The axes of dense rows. */
  static Axes ofRows(long rows, long length) {
    return new Axes(List.of(new Axis(rows, length)));
  }

  /** These and others further in. */
  Axes and(Axes inner) {
    return new Axes(Stream.concat(axes.stream(), inner.axes().stream()).toList());
  }

  /** The elements along them. */
  long count() {
    return axes.stream().mapToLong(Axis::extent).reduce(1, (a, b) -> a * b);
  }
}
