package dev.kiln.opencl.routine;

import dev.kiln.DType;
import dev.kiln.opencl.source.MatMulText;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices: panels and tiles on processors, tiles in local memory elsewhere. */
record MatMulPlans(DType dtype) implements Plans {
  /** Panels of rows that a work-item takes: a block of them stays in the second cache. */
  private static final long DOWN = 32;

  /** Panels of columns that a work-item takes. */
  private static final long ACROSS = 4;

  @Override
  public String text(boolean processor) {
    return MatMulText.of(dtype, processor);
  }

  @Override
  public List<String> functions(boolean processor) {
    return processor
        ? List.of("kiln_pack_left", "kiln_pack_right", "kiln_tiles")
        : List.of("kiln_group");
  }

  @Override
  public Plan plan(RoutineLaunch launch, boolean processor) {
    RoutineLaunch.Array x = launch.inputs().getFirst();
    RoutineLaunch.Array y = launch.inputs().getLast();
    int rank = x.shape().rank();
    // Both as panels are: lines of elements along the inner axis.
    Side left = new Side(0, x, rank - 2, rank - 1);
    Side right = new Side(1, y, rank - 1, rank - 2);
    return processor ? tiles(left, right) : groups(left, right);
  }

  /** A matrix with its axis of lines and the inner one. */
  private record Side(int number, RoutineLaunch.Array array, int line, int inner) {
    Axes products() {
      return Axes.of(array, 0, array.shape().rank() - 2);
    }

    long lines() {
      return array.shape().extent(line);
    }

    long depth() {
      return array.shape().extent(inner);
    }

    /** Where the elements are. */
    List<Slot> slots() {
      return List.of(
          new Slot.Input(number),
          new Slot.Scalar(array.offset()),
          new Slot.Table(products()),
          new Slot.Scalar(products().axes().size()),
          new Slot.Scalar(array.strides().get(line)),
          new Slot.Scalar(array.strides().get(inner)));
    }
  }

  // Panels and tiles

  private Plan tiles(Side left, Side right) {
    long products = left.products().count();
    long rowPanels = Parts.of(left.lines(), MatMulText.ROWS);
    long columnPanels = Parts.of(right.lines(), MatMulText.columns(dtype));
    long bytes = products * left.depth() * MatMulText.panelBytes(dtype);
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar(DOWN));
    slots.add(new Slot.Scalar(ACROSS));
    slots.addAll(extents(left, right));
    slots.add(new Slot.Scratch(0));
    slots.add(new Slot.Scratch(1));
    slots.add(new Slot.Output());
    return new Plan(
        List.of(
            rowPanels * MatMulText.ROWS * bytes, columnPanels * MatMulText.columns(dtype) * bytes),
        List.of(
            pack("kiln_pack_left", left, rowPanels, products),
            pack("kiln_pack_right", right, columnPanels, products),
            Plan.Step.of(
                "kiln_tiles",
                slots,
                Parts.of(columnPanels, ACROSS),
                Parts.of(rowPanels, DOWN),
                products)),
        false);
  }

  private static Plan.Step pack(String function, Side side, long panels, long products) {
    List<Slot> slots = new ArrayList<>();
    slots.add(new Slot.Scalar(panels));
    slots.add(new Slot.Scalar(side.lines()));
    slots.add(new Slot.Scalar(side.depth()));
    slots.addAll(side.slots());
    slots.add(new Slot.Scratch(side.number()));
    return Plan.Step.of(function, slots, products * panels);
  }

  // Groups

  private static Plan groups(Side left, Side right) {
    List<Slot> slots = new ArrayList<>(extents(left, right));
    slots.addAll(left.slots());
    slots.addAll(right.slots());
    slots.add(new Slot.Output());
    long group = MatMulText.GROUP;
    List<Long> items =
        List.of(
            Parts.of(right.lines(), MatMulText.SQUARE) * group,
            Parts.of(left.lines(), MatMulText.SQUARE) * group,
            left.products().count());
    return new Plan(
        List.of(),
        List.of(new Plan.Step("kiln_group", slots, items, List.of(group, group, 1L))),
        false);
  }

  private static List<Slot> extents(Side left, Side right) {
    return List.of(
        new Slot.Scalar(left.lines()),
        new Slot.Scalar(left.depth()),
        new Slot.Scalar(right.lines()));
  }

  @Override
  public String describe(boolean processor) {
    return processor
        ? "tiles of " + MatMulText.ROWS + " x " + MatMulText.columns(dtype) + " in registers"
        : "tiles of " + MatMulText.SQUARE + " x " + MatMulText.SQUARE + " in local memory";
  }
}
