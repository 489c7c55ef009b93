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

  /** Where the elements are, given where sequences begin. */
  List<Slot> slots(Axes sequences) {
    return List.of(
        new Slot.Input(0),
        new Slot.Scalar(array.offset()),
        new Slot.Table(sequences),
        new Slot.Scalar(sequences.axes().size()),
        new Slot.Scalar(step));
  }
}
