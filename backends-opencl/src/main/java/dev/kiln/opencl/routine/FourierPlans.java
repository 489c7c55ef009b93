package dev.kiln.opencl.routine;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.opencl.source.FourierText;
import dev.kiln.spi.RoutineLaunch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Fourier transforms of real numbers: all rows together, one or two passes in a call. */
final class FourierPlans implements Plans {
  /** Numbers that a processor's work-item has at least. */
  private static final long SHARE = 1 << 13;

  /** Work-items of a GPU's group; each has dozens of numbers in registers. */
  private static final long GROUP = 64;

  /** The longest row: its tables are made of Java arrays. */
  private static final long LONGEST = 1 << 28;

  /** Sums of two numbers of elements below this are still ints. */
  private static final long NARROW = 1L << 30;

  /** Lengths whose tables are kept. */
  private static final int KEPT = 16;

  private final DType dtype;
  private final ConcurrentHashMap<Integer, FourierTables> lengths = new ConcurrentHashMap<>();

  FourierPlans(DType dtype) {
    this.dtype = dtype;
  }

  @Override
  public String text(boolean processor) {
    return FourierText.of(dtype);
  }

  @Override
  public List<String> functions(boolean processor) {
    return List.of(
        "kiln_read",
        "kiln_two",
        "kiln_four",
        "kiln_eight",
        "kiln_sixteen",
        "kiln_convolve",
        "kiln_write");
  }

  @Override
  public Plan plan(RoutineLaunch launch, boolean processor) {
    RoutineLaunch.Array x = launch.inputs().getFirst();
    Line line = Line.of(x, x.shape().rank() - 1);
    if (line.extent() > LONGEST) {
      throw new KilnException(
          "rfft of " + line.extent() + " elements; this backend transforms at most " + LONGEST);
    }
    return new Steps(line, tables((int) line.extent()), processor).plan();
  }

  private FourierTables tables(int n) {
    if (lengths.size() >= KEPT && !lengths.containsKey(n)) {
      lengths.clear();
    }
    return lengths.computeIfAbsent(n, FourierTables::of);
  }

  @Override
  public String describe(boolean processor) {
    return "passes of sixteen parts in float64, all rows together";
  }

  /** The calls of one launch. */
  private static final class Steps {
    private final Line line;
    private final FourierTables tables;
    private final boolean processor;
    private final long rows;
    private final List<Plan.Step> steps = new ArrayList<>();

    /** The pair of scratch arrays that holds the numbers: 0 or 1. */
    private int held;

    Steps(Line line, FourierTables tables, boolean processor) {
      this.line = line;
      this.tables = tables;
      this.processor = processor;
      this.rows = line.outer().count();
    }

    Plan plan() {
      boolean pairs = line.extent() % 2 == 0;
      long size = tables.size();
      long results = line.extent() / 2 + 1;
      Slot factors = new Slot.Numbers(tables.factors());
      List<Slot> read = new ArrayList<>();
      read.add(new Slot.Scalar(size));
      read.add(new Slot.Scalar(tables.complex()));
      read.add(flag(pairs));
      read.add(flag(tables.chirped()));
      read.add(factors);
      read.addAll(line.slots(line.outer()));
      read.add(re(held));
      read.add(im(held));
      add("kiln_read", rows * size, 1, read);
      passes(false);
      if (tables.chirped()) {
        List<Slot> convolve =
            List.of(
                new Slot.Scalar(size),
                new Slot.Scalar(Double.doubleToRawLongBits(1.0 / size)),
                new Slot.Numbers(tables.transformed()),
                re(held),
                im(held));
        add("kiln_convolve", rows * size, 1, convolve);
        passes(true);
      }
      List<Slot> write =
          List.of(
              new Slot.Scalar(size),
              new Slot.Scalar(results),
              new Slot.Scalar(line.extent()),
              flag(pairs),
              flag(tables.chirped()),
              new Slot.Numbers(tables.ends()),
              factors,
              re(held),
              im(held),
              new Slot.Output());
      add("kiln_write", rows * results, 1, write);
      long bytes = rows * size * Double.BYTES;
      boolean wide = rows * Math.max(size, 2 * results) >= NARROW;
      return new Plan(List.of(bytes, bytes, bytes, bytes), steps, wide);
    }

    /**
     * All passes.
     *
     * @param swapped whether real and imaginary parts change their places, which is the way back
     */
    private void passes(boolean swapped) {
      long n = tables.size();
      for (long run = 1; run < n; ) {
        long left = n / run;
        int radix = left >= 16 ? 16 : (int) left;
        String function =
            switch (radix) {
              case 2 -> "kiln_two";
              case 4 -> "kiln_four";
              case 8 -> "kiln_eight";
              default -> "kiln_sixteen";
            };
        int other = 1 - held;
        List<Slot> slots =
            List.of(
                new Slot.Scalar(n),
                new Slot.Scalar(run),
                new Slot.Numbers(tables.roots()),
                swapped ? im(held) : re(held),
                swapped ? re(held) : im(held),
                swapped ? im(other) : re(other),
                swapped ? re(other) : im(other));
        add(function, rows * (n / radix), radix, slots);
        held = other;
        run *= radix;
      }
    }

    /** Adds a call for so many units, each of which is so many numbers. */
    private void add(String function, long units, int numbers, List<Slot> more) {
      long share = processor ? SHARE / numbers : 1;
      List<Slot> slots = new ArrayList<>();
      slots.add(new Slot.Scalar(units));
      slots.add(new Slot.Scalar(share));
      slots.addAll(more);
      steps.add(
          processor
              ? Plan.Step.of(function, slots, Parts.of(units, share))
              : Plan.Step.groups(function, slots, Parts.of(units, GROUP), GROUP));
    }

    private static Slot re(int pair) {
      return new Slot.Scratch(2 * pair);
    }

    private static Slot im(int pair) {
      return new Slot.Scratch(2 * pair + 1);
    }

    private static Slot flag(boolean value) {
      return new Slot.Scalar(value ? 1 : 0);
    }
  }
}
