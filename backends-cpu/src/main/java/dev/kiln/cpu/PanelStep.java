package dev.kiln.cpu;

import dev.kiln.DType;

/**
 * What a {@link PanelLoop} does with a panel. Panels go by their numbers; an argument is the place
 * of an address among the loop's. Small methods, so that a kernel with a new kind of step has none
 * of them compiled anew.
 */
sealed interface PanelStep {
  /**
   * Does n elements from an index.
   *
   * @return whether the loop goes on
   */
  boolean run(Panels panels, long[] arguments, int at, int n);

  /**
   * Makes all elements equal.
   *
   * @param loads whether the argument is an element's address, and not the bits themselves
   */
  record Fill(DType dtype, int argument, boolean loads, int to) {
    void run(Panels panels, long[] arguments) {
      long value = arguments[argument];
      panels.fill(to, dtype, loads ? Raw.get(dtype, value) : value);
    }
  }

  /** Reads contiguous elements. */
  record Load(DType dtype, int argument, int to) implements PanelStep {
    @Override
    public boolean run(Panels panels, long[] arguments, int at, int n) {
      panels.load(to, dtype, arguments[argument] + (long) at * dtype.bytes(), n);
      return true;
    }
  }

  /** Ends the loop where any element of a bool is true. */
  record LeaveIfAny(int condition) implements PanelStep {
    @Override
    public boolean run(Panels panels, long[] arguments, int at, int n) {
      return !panels.any(condition, n);
    }
  }

  /** Computes; arguments that the operation lacks may be any panel. */
  record Apply(CompiledPrimitive primitive, int a, int b, int c, int to) implements PanelStep {
    @Override
    public boolean run(Panels panels, long[] arguments, int at, int n) {
      primitive.run(panels.get(a), panels.get(b), panels.get(c), panels.get(to), n);
      return true;
    }
  }

  /** Copies bytes to a panel of another type. */
  record Move(DType dtype, int from, int to) implements PanelStep {
    @Override
    public boolean run(Panels panels, long[] arguments, int at, int n) {
      panels.move(from, to, (long) n * dtype.bytes());
      return true;
    }
  }

  /** Writes contiguous elements. */
  record Store(DType dtype, int argument, int from) implements PanelStep {
    @Override
    public boolean run(Panels panels, long[] arguments, int at, int n) {
      panels.store(from, dtype, arguments[argument] + (long) at * dtype.bytes(), n);
      return true;
    }
  }

  /** Takes elements into the lanes of their block; of one block alone, from a group of lanes on. */
  record Fold(DType dtype, int argument, int from, int group, int lanes, CompiledPrimitive fold)
      implements PanelStep {
    @Override
    public boolean run(Panels panels, long[] arguments, int at, int n) {
      long address = arguments[argument] + (long) (at / Lanes.BLOCK) * Lanes.BYTES;
      int count = Lanes.count(dtype);
      panels.load(lanes, dtype, address, count);
      Object scratch = panels.get(group);
      fold.run(panels.get(from), scratch, scratch, panels.get(lanes), n);
      panels.store(lanes, dtype, address, count);
      return true;
    }
  }
}
