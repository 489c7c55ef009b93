package dev.kiln.interpret;

import dev.kiln.kernel.Routine;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The plain way of a routine, for backends that have none of their own: slow, on one thread, with
 * the bits of the definition.
 *
 * @param routine which
 */
public record PlainRoutine(Routine routine) implements RoutineExecutable {
  @Override
  public void launch(RoutineLaunch launch) {
    List<Values> inputs = launch.inputs().stream().map(PlainRoutine::read).toList();
    RoutineLaunch.Array output = launch.output();
    long[] result = RoutineMeaning.apply(routine, inputs);
    MemorySegment segment = output.buffer().segment();
    for (int i = 0; i < result.length; i++) {
      Elements.set(segment, output.dtype(), i, result[i]);
    }
  }

  @Override
  public String describe() {
    return routine instanceof Routine.Foreign
        ? "it cannot be computed here"
        : "the plain implementation of core, on one thread";
  }

  private static Values read(RoutineLaunch.Array array) {
    long[] strides = array.strides().stream().mapToLong(Long::longValue).toArray();
    int[] places = ViewMeaning.places(array.offset(), strides, array.shape());
    MemorySegment segment = array.buffer().contents();
    long[] bits = new long[places.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Elements.get(segment, array.dtype(), places[i]);
    }
    return new Values(array.dtype(), array.shape(), bits);
  }
}
