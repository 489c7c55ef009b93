package dev.kiln.opencl.routine;

import dev.kiln.spi.RoutineLaunch;
import java.util.List;

/**
 * An input as sequences along an axis.
 *
 * @param outer the axes before it
 * @param inner the axes after it
 */
record Line(RoutineLaunch.Array array, Axes outer, long extent, long step, Axes inner) {
  static Line of(RoutineLaunch.Array array, int axis) {
    return new Line(
        array,
        Axes.of(array, 0, axis),
        array.shape().extent(axis),
        array.strides().get(axis),
        Axes.of(array, axis + 1, array.shape().rank()));
  }

  /** Where the elements are, but for the inner axes. */
  List<Slot> slots() {
    return List.of(
        new Slot.Input(0),
        new Slot.Scalar(array.offset()),
        new Slot.Table(outer),
        new Slot.Scalar(outer.axes().size()),
        new Slot.Scalar(step));
  }
}
