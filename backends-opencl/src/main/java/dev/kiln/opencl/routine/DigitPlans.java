package dev.kiln.opencl.routine;

import dev.kiln.DType;
import dev.kiln.opencl.source.SortGroupText;
import dev.kiln.opencl.source.SortText;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorting by the digits of keys, the lowest first: for each, the values of blocks are counted, and
 * elements move. Blocks go to work-items of their own on processors, to groups elsewhere.
 *
 * @param sequences where they begin
 * @param places whether the result is where elements are, not these
 */
record DigitPlans(Line line, Axes sequences, boolean places, DType dtype, boolean processor) {
  /** Elements of a processor's block, to which its table of counts is little. */
  private static final long LONG_BLOCK = 1 << 15;

  /** Places of fewer elements have 32 bits. */
  private static final long NARROW = 1L << 31;

  /** Blocks whose counts a GPU's work-item goes through, while there are few of these. */
  private static final long WALK = 16;

  /** The most work-items that share the counts of a value: others beside read whole sectors. */
  private static final long WALKERS = 32;

  // Scratch
  private static final int COUNTS = 0;
  private static final int STARTS = 1;
  private static final int ELEMENTS = 2;
  private static final int PLACES = 4;

  Plan plan() {
    List<Plan.Step> steps = new ArrayList<>();
    for (int move = 0; move < dtype.bytes(); move++) {
      List<Slot> source = source(move);
      if (processor) {
        steps.add(Plan.Step.of("kiln_count", source, blocks(), rows()));
        steps.addAll(starts());
        steps.add(Plan.Step.of("kiln_move", target(source, move), blocks(), rows()));
      } else {
        steps.add(groups("kiln_group_count", source, rows() * blocks()));
        steps.add(sums());
        steps.add(groups("kiln_group_move", target(source, move), rows() * blocks()));
      }
    }
    return new Plan(scratch(), steps, wide());
  }

  private long rows() {
    return sequences.count();
  }

  private long length() {
    return processor ? Math.min(line.extent(), LONG_BLOCK) : SortGroupText.tile(dtype);
  }

  private long blocks() {
    return Parts.of(line.extent(), length());
  }

  private boolean wide() {
    return line.extent() >= NARROW;
  }

  /** What counting takes, and moving first. */
  private List<Slot> source(int move) {
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar((long) move * SortText.DIGIT));
    if (processor) {
      slots.add(new Slot.Scalar(length()));
    }
    slots.add(new Slot.Scalar(blocks()));
    slots.add(new Slot.Scalar(line.extent()));
    if (move == 0) {
      slots.addAll(line.slots(sequences));
    } else {
      slots.add(new Slot.Scratch(ELEMENTS + 1 - move % 2));
      slots.add(new Slot.Scalar(0));
      slots.add(new Slot.Table(Axes.ofRows(rows(), line.extent())));
      slots.add(new Slot.Scalar(1));
      slots.add(new Slot.Scalar(1));
    }
    slots.add(new Slot.Scratch(COUNTS));
    return slots;
  }

  private List<Slot> target(List<Slot> source, int move) {
    boolean isFirst = move == 0;
    boolean isLast = move == dtype.bytes() - 1;
    int to = move % 2;
    List<Slot> slots = new ArrayList<>(source);
    slots.add(new Slot.Scratch(STARTS));
    slots.add(new Slot.Scalar(isLast ? line.inner().count() : 1));
    slots.add(isLast && !places ? new Slot.Output() : new Slot.Scratch(ELEMENTS + to));
    if (places) {
      slots.add(new Slot.Scalar(isFirst ? 1 : 0));
      slots.add(new Slot.Scalar(isLast ? 1 : 0));
      slots.add(new Slot.Scratch(PLACES + 1 - to));
      slots.add(new Slot.Scratch(PLACES + to));
      slots.add(new Slot.Output());
    }
    return slots;
  }

  private List<Plan.Step> starts() {
    Slot starts = new Slot.Scratch(STARTS);
    return List.of(
        Plan.Step.of(
            "kiln_sums",
            List.of(new Slot.Scalar(blocks()), new Slot.Scratch(COUNTS), starts),
            (long) SortText.VALUES,
            rows()),
        Plan.Step.of("kiln_starts", List.of(starts), rows()));
  }

  private Plan.Step sums() {
    long walkers = Math.clamp(Long.highestOneBit(blocks() / WALK), 1, WALKERS);
    return groups(
        "kiln_group_sums",
        List.of(
            new Slot.Scalar(blocks()),
            new Slot.Scalar(walkers),
            new Slot.Scratch(COUNTS),
            new Slot.Scratch(STARTS)),
        rows() * walkers);
  }

  private static Plan.Step groups(String function, List<Slot> slots, long groups) {
    return Plan.Step.groups(function, slots, groups, SortGroupText.GROUP);
  }

  private List<Long> scratch() {
    long place = wide() ? Long.BYTES : Integer.BYTES;
    long values = rows() * SortText.VALUES * (processor ? Long.BYTES : place);
    List<Long> scratch = new ArrayList<>(List.of(values * blocks(), values));
    // A lone move goes from the input to the output.
    long moved = dtype.bytes() == 1 ? 1 : rows() * line.extent();
    scratch.addAll(List.of(moved * dtype.bytes(), moved * dtype.bytes()));
    if (places) {
      scratch.addAll(List.of(moved * place, moved * place));
    }
    return scratch;
  }
}
