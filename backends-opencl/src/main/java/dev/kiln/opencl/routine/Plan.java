package dev.kiln.opencl.routine;

import java.util.List;

/**
 * What a launch of a routine calls, one after another.
 *
 * @param scratch the bytes of each array that only the functions know
 * @param steps the calls
 * @param wide whether the program's type {@code INDEX} needs 64 bits
 */
public record Plan(List<Long> scratch, List<Step> steps, boolean wide) {
  public Plan {
    scratch = List.copyOf(scratch);
    steps = List.copyOf(steps);
  }

  /**
   * A call of a function.
   *
   * @param items work-items in each of one to three dimensions
   * @param group work-items of a group in each, which divide those; empty where they have nothing
   *     to do with each other
   */
  public record Step(String function, List<Slot> slots, List<Long> items, List<Long> group) {
    public Step {
      slots = List.copyOf(slots);
      items = List.copyOf(items);
      group = List.copyOf(group);
    }

    /** A call whose work-items have nothing to do with each other. */
    static Step of(String function, List<Slot> slots, Long... items) {
      return new Step(function, slots, List.of(items), List.of());
    }

    /** A call of so many groups, whose work-items have numbers of one dimension. */
    static Step groups(String function, List<Slot> slots, long groups, long group) {
      return new Step(function, slots, List.of(groups * group), List.of(group));
    }
  }
}
