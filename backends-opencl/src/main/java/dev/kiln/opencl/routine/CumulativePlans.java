package dev.kiln.opencl.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Routine;
import dev.kiln.opencl.source.CumulativeGroupText;
import dev.kiln.opencl.source.CumulativeText;
import dev.kiln.opencl.source.Renderer;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Running sums and products: blocks by themselves first, then what they take in. Rows go to
 * work-items of their own on processors, to groups elsewhere.
 */
record CumulativePlans(Routine.Cumulative routine, DType dtype) implements Plans {
  /** Elements that a processor's work-item has at least, where rows are short. */
  private static final long SHARE = 1 << 14;

  @Override
  public String text(boolean processor) {
    return CumulativeText.of(routine.fold(), dtype, processor);
  }

  @Override
  public List<String> functions(boolean processor) {
    List<String> columns = List.of("kiln_columns", "kiln_before", "kiln_shift_columns");
    List<String> rows =
        processor
            ? List.of("kiln_rows", "kiln_shift_rows")
            : List.of("kiln_group_rows", "kiln_group_before", "kiln_group_shift");
    return Stream.concat(columns.stream(), rows.stream()).toList();
  }

  @Override
  public Plan plan(RoutineLaunch launch, boolean processor) {
    Line line = Line.of(launch.inputs().getFirst(), routine.axis());
    long inner = line.inner().count();
    long outer = line.outer().count();
    long blocks = Parts.of(line.extent(), Renderer.BLOCK);
    List<Plan.Step> steps;
    if (inner > 1) {
      steps = byColumns(line, blocks);
    } else if (processor) {
      steps = byRows(line, blocks);
    } else {
      steps = byGroups(line, blocks);
    }
    // A lone block takes nothing in.
    return blocks == 1
        ? new Plan(List.of(), steps.subList(0, 1), false)
        : new Plan(List.of(outer * blocks * inner * dtype.bytes()), steps, false);
  }

  // Rows

  private static List<Plan.Step> byRows(Line line, long blocks) {
    long outer = line.outer().count();
    long units = outer * blocks;
    long share = Parts.of(SHARE, Math.min(line.extent(), Renderer.BLOCK));
    return List.of(
        Plan.Step.of("kiln_rows", rows(line, blocks, share), Parts.of(units, share)),
        before(line, blocks),
        Plan.Step.of(
            "kiln_shift_rows",
            slots(sizes(line, blocks), new Slot.Scratch(0), new Slot.Output()),
            blocks - 1,
            outer));
  }

  private static List<Plan.Step> byGroups(Line line, long blocks) {
    long outer = line.outer().count();
    long chunks = Parts.of(line.extent(), CumulativeText.CHUNK);
    long share = Math.max(1, CumulativeGroupText.GROUP / chunks);
    List<Slot> sizes = sizes(line, blocks);
    return List.of(
        groups("kiln_group_rows", rows(line, blocks, share), Parts.of(outer * blocks, share)),
        groups("kiln_group_before", slots(sizes, new Slot.Output(), new Slot.Scratch(0)), outer),
        groups(
            "kiln_group_shift",
            slots(sizes, new Slot.Scratch(0), new Slot.Output()),
            outer * (blocks - 1)));
  }

  private static Plan.Step groups(String function, List<Slot> slots, long groups) {
    return Plan.Step.groups(function, slots, groups, CumulativeGroupText.GROUP);
  }

  private static List<Slot> rows(Line line, long blocks, long share) {
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar(line.outer().count() * blocks));
    slots.add(new Slot.Scalar(share));
    slots.addAll(sizes(line, blocks));
    slots.addAll(line.slots(line.outer()));
    slots.add(new Slot.Output());
    return slots;
  }

  // Columns

  private static List<Plan.Step> byColumns(Line line, long blocks) {
    long inner = line.inner().count();
    return List.of(
        columns(line, blocks),
        before(line, blocks),
        Plan.Step.of(
            "kiln_shift_columns",
            slots(
                sizes(line, blocks),
                new Slot.Scalar(inner),
                new Slot.Scratch(0),
                new Slot.Output()),
            Parts.of(inner, CumulativeText.CHUNK),
            blocks - 1,
            line.outer().count()));
  }

  private static Plan.Step columns(Line line, long blocks) {
    Axes inner = line.inner();
    boolean dense = inner.axes().size() == 1 && inner.axes().getFirst().stride() == 1;
    List<Slot> slots = new ArrayList<>(sizes(line, blocks));
    slots.add(new Slot.Scalar(inner.count()));
    slots.addAll(line.slots(line.outer()));
    slots.add(new Slot.Table(inner));
    slots.add(new Slot.Scalar(inner.axes().size()));
    slots.add(new Slot.Scalar(dense ? 1 : 0));
    slots.add(new Slot.Output());
    return Plan.Step.of(
        "kiln_columns",
        slots,
        Parts.of(inner.count(), CumulativeText.CHUNK),
        blocks,
        line.outer().count());
  }

  // Both

  private static Plan.Step before(Line line, long blocks) {
    long inner = line.inner().count();
    return Plan.Step.of(
        "kiln_before",
        slots(sizes(line, blocks), new Slot.Scalar(inner), new Slot.Output(), new Slot.Scratch(0)),
        inner,
        line.outer().count());
  }

  private static List<Slot> sizes(Line line, long blocks) {
    return List.of(new Slot.Scalar(blocks), new Slot.Scalar(line.extent()));
  }

  private static List<Slot> slots(List<Slot> first, Slot... others) {
    return Stream.concat(first.stream(), Stream.of(others)).toList();
  }

  @Override
  public String describe(boolean processor) {
    return "vectors of "
        + CumulativeText.CHUNK
        + (processor ? "" : ", rows by groups of " + CumulativeGroupText.GROUP + " of them,")
        + " over blocks of "
        + Renderer.BLOCK
        + " elements, then what each takes in";
  }
}
