package dev.kiln.opencl.routine;

import dev.kiln.DType;
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

  /** Elements of a block for a processor, to which its table of counts is little. */
  private static final long LONG_BLOCK = 1 << 15;

  /** Elements of a block elsewhere, so that there are many work-items. */
  private static final long BLOCK = 1 << 10;

  /** Work-items of a group that sort short sequences, each in 10 KiB of its own. */
  private static final long GROUP = 32;

  /** Places of at most so many elements have 32 bits. */
  private static final long NARROW = 1L << 31;

  // The scratch of a sort by digits.
  private static final int COUNTS = 0;
  private static final int STARTS = 1;
  private static final int ELEMENTS = 2;
  private static final int PLACES = 4;

  @Override
  public String text() {
    return SortText.of(dtype, descending, places);
  }

  @Override
  public List<String> functions() {
    return List.of("kiln_short", "kiln_count", "kiln_sums", "kiln_starts", "kiln_move");
  }

  @Override
  public Plan plan(RoutineLaunch launch, boolean processor) {
    Line line = Line.of(launch.inputs().getFirst(), axis);
    Axes sequences = line.outer().and(line.inner());
    return line.extent() <= SortText.SHORT
        ? byMerging(line, sequences, processor)
        : byDigits(line, sequences, processor ? LONG_BLOCK : BLOCK);
  }

  private static Plan byMerging(Line line, Axes sequences, boolean processor) {
    long rows = sequences.count();
    long share = processor ? Parts.of(SHARE, line.extent()) : 1;
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar(rows));
    slots.add(new Slot.Scalar(share));
    slots.add(new Slot.Scalar(line.extent()));
    slots.add(new Slot.Scalar(line.inner().count()));
    slots.addAll(line.slots(sequences));
    slots.add(new Slot.Output());
    long items = Parts.of(rows, share);
    Plan.Step step =
        processor
            ? Plan.Step.of("kiln_short", slots, items)
            : new Plan.Step(
                "kiln_short", slots, List.of(Parts.of(items, GROUP) * GROUP), List.of(GROUP));
    return new Plan(List.of(), List.of(step), false);
  }

  private Plan byDigits(Line line, Axes sequences, long longest) {
    long n = line.extent();
    long rows = sequences.count();
    long length = Math.min(n, longest);
    long blocks = Parts.of(n, length);
    boolean wide = n > NARROW;
    int moves = dtype.bytes();
    List<Slot> dense =
        List.of(
            new Slot.Scalar(0),
            new Slot.Table(Axes.ofRows(rows, n)),
            new Slot.Scalar(1),
            new Slot.Scalar(1));
    List<Plan.Step> steps = new ArrayList<>();
    for (int move = 0; move < moves; move++) {
      boolean isFirst = move == 0;
      boolean isLast = move == moves - 1;
      int from = 1 - move % 2;
      int to = move % 2;
      List<Slot> common = new ArrayList<>();
      common.add(new Slot.Scalar((long) move * SortText.DIGIT));
      common.add(new Slot.Scalar(length));
      common.add(new Slot.Scalar(blocks));
      common.add(new Slot.Scalar(n));
      if (isFirst) {
        common.addAll(line.slots(sequences));
      } else {
        common.add(new Slot.Scratch(ELEMENTS + from));
        common.addAll(dense);
      }
      common.add(new Slot.Scratch(COUNTS));
      List<Slot> target = new ArrayList<>(common);
      target.add(new Slot.Scratch(STARTS));
      target.add(new Slot.Scalar(isLast ? line.inner().count() : 1));
      target.add(isLast && !places ? new Slot.Output() : new Slot.Scratch(ELEMENTS + to));
      if (places) {
        target.add(new Slot.Scalar(isFirst ? 1 : 0));
        target.add(new Slot.Scalar(isLast ? 1 : 0));
        target.add(new Slot.Scratch(PLACES + from));
        target.add(new Slot.Scratch(PLACES + to));
        target.add(new Slot.Output());
      }
      steps.add(Plan.Step.of("kiln_count", common, blocks, rows));
      steps.addAll(starts(blocks, rows));
      steps.add(Plan.Step.of("kiln_move", target, blocks, rows));
    }
    return new Plan(scratch(rows, n, blocks, wide), steps, wide);
  }

  private static List<Plan.Step> starts(long blocks, long rows) {
    Slot starts = new Slot.Scratch(STARTS);
    return List.of(
        Plan.Step.of(
            "kiln_sums",
            List.of(new Slot.Scalar(blocks), new Slot.Scratch(COUNTS), starts),
            (long) SortText.VALUES,
            rows),
        Plan.Step.of("kiln_starts", List.of(starts), rows));
  }

  private List<Long> scratch(long rows, long n, long blocks, boolean wide) {
    long values = rows * SortText.VALUES * Long.BYTES;
    List<Long> scratch = new ArrayList<>(List.of(values * blocks, values));
    // A lone move goes from the input to the output.
    long moved = dtype.bytes() == 1 ? 1 : rows * n;
    scratch.addAll(List.of(moved * dtype.bytes(), moved * dtype.bytes()));
    if (places) {
      long bytes = wide ? Long.BYTES : Integer.BYTES;
      scratch.addAll(List.of(moved * bytes, moved * bytes));
    }
    return scratch;
  }

  @Override
  public String describe(boolean processor) {
    return "by merging up to "
        + SortText.SHORT
        + " elements, by digits of "
        + SortText.DIGIT
        + " bits beyond";
  }
}
