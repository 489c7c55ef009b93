package dev.kiln.opencl.routine;

import dev.kiln.DType;
import dev.kiln.opencl.source.SortGroupText;
import dev.kiln.opencl.source.SortText;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.List;

/**
 * Stable sorting: by merging where sequences are short, by the digits of keys elsewhere.
 *
 * @param places whether the result is where elements are, not these
 */
record SortPlans(int axis, boolean descending, boolean places, DType dtype) implements Plans {
  /** Elements that a processor's work-item has at least, where there are short sequences. */
  private static final long SHARE = 1 << 12;

  /** Work-items of a group that sort short sequences, each in private memory. */
  private static final long GROUP = 32;

  @Override
  public String text(boolean processor) {
    return SortText.of(dtype, descending, places, processor);
  }

  @Override
  public List<String> functions(boolean processor) {
    return processor
        ? List.of("kiln_short", "kiln_count", "kiln_sums", "kiln_starts", "kiln_move")
        : List.of(
            "kiln_short",
            "kiln_group_short",
            "kiln_group_count",
            "kiln_group_sums",
            "kiln_group_move");
  }

  @Override
  public Plan plan(RoutineLaunch launch, boolean processor) {
    Line line = Line.of(launch.inputs().getFirst(), axis);
    Axes sequences = line.outer().and(line.inner());
    if (line.extent() <= (processor ? SortText.SHORT : SortText.LONE)) {
      return byMerging(line, sequences, processor);
    }
    return !processor && line.extent() <= SortGroupText.tile(dtype)
        ? inGroups(line, sequences)
        : new DigitPlans(line, sequences, places, dtype, processor).plan();
  }

  private static Plan byMerging(Line line, Axes sequences, boolean processor) {
    long rows = sequences.count();
    long share = processor ? Parts.of(SHARE, line.extent()) : 1;
    List<Slot> slots = new ArrayList<>(List.of(new Slot.Scalar(rows), new Slot.Scalar(share)));
    slots.addAll(whole(line, sequences));
    long items = Parts.of(rows, share);
    Plan.Step step =
        processor
            ? Plan.Step.of("kiln_short", slots, items)
            : Plan.Step.groups("kiln_short", slots, Parts.of(items, GROUP), GROUP);
    return new Plan(List.of(), List.of(step), false);
  }

  private static Plan inGroups(Line line, Axes sequences) {
    Plan.Step step =
        Plan.Step.groups(
            "kiln_group_short", whole(line, sequences), sequences.count(), SortGroupText.GROUP);
    return new Plan(List.of(), List.of(step), false);
  }

  /** For functions that do all at once. */
  private static List<Slot> whole(Line line, Axes sequences) {
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar(line.extent()));
    slots.add(new Slot.Scalar(line.inner().count()));
    slots.addAll(line.slots(sequences));
    slots.add(new Slot.Output());
    return slots;
  }

  @Override
  public String describe(boolean processor) {
    String digits = "by digits of " + SortText.DIGIT + " bits beyond";
    return processor
        ? "by merging up to " + SortText.SHORT + " elements, " + digits
        : "by merging up to "
            + SortText.LONE
            + " elements, in local memory by groups of "
            + SortGroupText.GROUP
            + " work-items up to "
            + SortGroupText.tile(dtype)
            + ", "
            + digits
            + ", a group for each tile of so many";
  }
}
