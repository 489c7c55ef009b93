package dev.kiln.cpu.routine;

import java.util.List;

/**
 * Quicksort of signed keys with vectors. A pivot leaves the keys below it in front of where all
 * were and moves the others to as much spare room, so that each of both parts has its keys on one
 * side and room for them on the other; what is short goes through a network of comparisons, from
 * where it is to its place in the result.
 *
 * <p>Nothing that is still needed lies behind a part's keys or behind its room: the lower part is
 * done first. So stores may go a little too far, where there is a margin around everything.
 */
final class QuickSort {
  /** Bytes that may be read on either side of keys, and written behind them. */
  private static final long MARGIN = 1024;

  /** Pivots that may be bad beyond those that are needed if all are good. */
  private static final int PATIENCE = 8;

  private final SortPasses passes;

  /**
   * Memory to sort in.
   *
   * @param data the address of the keys; anything lies there afterwards
   * @param spare as much spare room
   * @param out where keys are sorted
   */
  record Room(long data, long spare, long out) {
    /** Room for so many keys at an address. */
    static Room at(long address, long most, int bytes) {
      long each = each(most, bytes);
      long data = address + MARGIN;
      return new Room(data, data + each, data + 2 * each);
    }

    /** The bytes of room for so many keys. */
    static long bytes(long most, int bytes) {
      return 3 * each(most, bytes);
    }

    private static long each(long most, int bytes) {
      return (most * bytes + 2 * MARGIN + 63) & -64;
    }
  }

  QuickSort(SortPasses passes) {
    this.passes = passes;
  }

  SortPasses passes() {
    return passes;
  }

  /** Sorts keys that lie between a least and a greatest one. */
  void sort(Room room, long n, long least, long greatest) {
    int pivots = PATIENCE + 2 * Digits.bits(n / passes.most());
    sort(room.data, n, room.spare, room.out, least, greatest, pivots);
  }

  private void sort(long data, long n, long room, long out, long least, long greatest, int pivots) {
    long bytes = passes.bytes();
    int patience = pivots;
    while (n > passes.most() && least < greatest) {
      // Halving the values ends in any case, after as many steps as keys have bits.
      long pivot =
          patience-- > 0
              ? Math.max(least + 1, run(passes.pivot(), data, n, 0, 0))
              : least + ((greatest - least) >>> 1) + 1;
      long below = split(data, n, room, pivot);
      long others = n - below;
      if (below > 0) {
        sort(data, below, room + others * bytes, out, least, pivot - 1, patience);
      }
      long rest = data + below * bytes;
      data = room;
      room = rest;
      n = others;
      out += below * bytes;
      least = pivot;
    }
    if (least == greatest) {
      run(passes.fill(), data, n, out, least);
    } else if (n > 0) {
      network(data, n, out);
    }
  }

  /**
   * Moves keys below a pivot to the front, and the others to the front of the room.
   *
   * @return the number of those below
   */
  long split(long data, long n, long room, long pivot) {
    return run(passes.split(), data, n, room, pivot);
  }

  private void network(long data, long n, long out) {
    int lanes = passes.lanes();
    long rows = (n + lanes - 1) / lanes;
    run(passes.load(), data, n, out, 0);
    List<Pass> inRows = passes.rows();
    for (int k = 0; k < inRows.size(); k++) { // an iterator might be an object
      run(inRows.get(k), out, rows, out, 0);
    }
    int merges = Digits.bits(rows - 1);
    long all = 1L << merges;
    if (all > rows) {
      long padding = out + rows * passes.rowBytes();
      run(passes.fill(), out, (all - rows) * lanes, padding, passes.greatest());
    }
    for (int merge = 0; merge < merges; merge++) {
      run(passes.crosses().get(merge), out, all, out, 0);
      // Rows that are padding alone stay where they are.
      run(passes.lanewise(), out, rows, out, 0);
    }
  }

  /** The one call of all passes, see {@link Pass}. */
  static long run(Pass pass, long from, long n, long to, long key) {
    return pass.run(from, n, to, key);
  }
}
