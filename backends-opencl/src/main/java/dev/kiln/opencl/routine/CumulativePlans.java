package dev.kiln.opencl.routine;

import dev.kiln.DType;
import dev.kiln.kernel.Routine;
import dev.kiln.opencl.source.CumulativeText;
import dev.kiln.opencl.source.Renderer;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.List;

/** Running sums and products: blocks by themselves first, then what they take in. */
record CumulativePlans(Routine.Cumulative routine, DType dtype) implements Plans {
  /** Elements that a work-item has at least, where sequences are short. */
  private static final long SHARE = 1 << 14;

  @Override
  public String text() {
    return CumulativeText.of(routine.fold(), dtype);
  }

  @Override
  public List<String> functions() {
    return List.of(
        "kiln_rows", "kiln_columns", "kiln_before", "kiln_shift_rows", "kiln_shift_columns");
  }

  @Override
  public Plan plan(RoutineLaunch launch, boolean processor) {
    Line line = Line.of(launch.inputs().getFirst(), routine.axis());
    long n = line.extent();
    long inner = line.inner().count();
    long outer = line.outer().count();
    long blocks = Parts.of(n, Renderer.BLOCK);
    List<Plan.Step> steps = new ArrayList<>();
    steps.add(inner == 1 ? rows(line, blocks, processor) : columns(line, blocks));
    if (blocks == 1) {
      return new Plan(List.of(), steps, false);
    }
    List<Slot> sizes = List.of(new Slot.Scalar(blocks), new Slot.Scalar(n));
    List<Slot> before = new ArrayList<>(sizes);
    before.add(new Slot.Scalar(inner));
    before.add(new Slot.Output());
    before.add(new Slot.Scratch(0));
    steps.add(Plan.Step.of("kiln_before", before, inner, outer));
    List<Slot> shift = new ArrayList<>(sizes);
    if (inner > 1) {
      shift.add(new Slot.Scalar(inner));
    }
    shift.add(new Slot.Scratch(0));
    shift.add(new Slot.Output());
    steps.add(
        inner == 1
            ? Plan.Step.of("kiln_shift_rows", shift, blocks - 1, outer)
            : Plan.Step.of(
                "kiln_shift_columns",
                shift,
                Parts.of(inner, CumulativeText.CHUNK),
                blocks - 1,
                outer));
    return new Plan(List.of(outer * blocks * inner * dtype.bytes()), steps, false);
  }

  private static Plan.Step rows(Line line, long blocks, boolean processor) {
    long units = line.outer().count() * blocks;
    long share = processor ? Parts.of(SHARE, Math.min(line.extent(), Renderer.BLOCK)) : 1;
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar(units));
    slots.add(new Slot.Scalar(share));
    slots.add(new Slot.Scalar(blocks));
    slots.add(new Slot.Scalar(line.extent()));
    slots.addAll(line.slots(line.outer()));
    slots.add(new Slot.Output());
    return Plan.Step.of("kiln_rows", slots, Parts.of(units, share));
  }

  private static Plan.Step columns(Line line, long blocks) {
    Axes inner = line.inner();
    boolean dense = inner.axes().size() == 1 && inner.axes().getFirst().stride() == 1;
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar(blocks));
    slots.add(new Slot.Scalar(line.extent()));
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

  @Override
  public String describe(boolean processor) {
    return "vectors of "
        + CumulativeText.CHUNK
        + " over blocks of "
        + Renderer.BLOCK
        + " elements, then what each takes in";
  }
}
