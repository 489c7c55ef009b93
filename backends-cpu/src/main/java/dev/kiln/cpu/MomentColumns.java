package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;

/** MEAN and SQUARED_DEVIATIONS of sequences side by side. */
final class MomentColumns {
  private final DType dtype;
  private final Part part;
  private final Machine machine;
  private final Columns.Steps sums;
  private final Columns.Steps deviations;
  private final Columns.Tree tree;

  MomentColumns(Part part, Machine machine) {
    this.dtype = part.dtype();
    this.part = part;
    this.machine = machine;
    this.sums =
        new Columns.Steps(part, 0, 1, Columns.folding(ReduceOp.SUM, dtype), machine.loops());
    this.deviations = new Columns.Steps(part, 1, 2, Columns.deviations(dtype), machine.loops());
    this.tree = new Columns.Tree(ReduceOp.SUM, dtype, machine.loops());
  }

  /** Writes means and sums of squared deviations, each where its target is not 0. */
  void run(Geometry geometry, long[] params, long means, long squares) {
    long columns = geometry.extents()[geometry.kept() - 1];
    long outer = geometry.points(0, geometry.kept() - 1);
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    Buffer parts = machine.memory().allocate(3 * outer * blocks * columns * dtype.bytes());
    try {
      long address = parts.pin();
      try {
        blocks(geometry, params, address);
        MomentRows.combine(dtype, machine, n, outer, columns, address, means, squares);
      } finally {
        parts.unpin();
      }
    } finally {
      parts.release();
    }
  }

  private void blocks(Geometry geometry, long[] params, long target) {
    long columns = geometry.extents()[geometry.kept() - 1];
    long outer = geometry.points(0, geometry.kept() - 1);
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    int tile =
        Columns.tile(
            part, geometry, outer * blocks, Columns.WIDEST_TILE / 2, machine.workers().count());
    long tiles = Machine.ceilDiv(columns, tile);
    long units = outer * blocks * tiles;
    long share =
        Columns.tilesAChunk(Math.min(n, Lanes.BLOCK) * tile, units, machine.workers().count());
    tree.heat(geometry, sums);
    tree.heat(geometry, deviations);
    long lanesBytes = (long) Lanes.BYTES * tile;
    long rowBytes = (long) tile * dtype.bytes();
    machine.forEach(
        Machine.ceilDiv(units, share),
        2 * Scratch.rounded(lanesBytes)
            + Scratch.rounded(rowBytes)
            + Columns.Walk.scratchBytes(geometry, sums)
            + Columns.Walk.scratchBytes(geometry, deviations),
        (chunk, scratch) -> {
          long first = scratch.reserve(lanesBytes);
          long second = scratch.reserve(lanesBytes);
          long mean = scratch.reserve(rowBytes);
          Columns.Walk sum = new Columns.Walk(geometry, sums, params, scratch);
          Columns.Walk deviation = new Columns.Walk(geometry, deviations, params, scratch);
          for (long unit = chunk * share; unit < Math.min(units, (chunk + 1) * share); unit++) {
            long row = unit / tiles;
            long column = (unit - row * tiles) * tile;
            int width = (int) Math.min(tile, columns - column);
            long point = row / blocks;
            long start = (row - point * blocks) * Lanes.BLOCK;
            int length = (int) Math.min(Lanes.BLOCK, n - start);
            int used = Math.min(Lanes.count(dtype), length);
            reset(first, used * width);
            sum.rows(point, column, width, start, length, 0, first);
            tree.fold(first, width, used, scratch);
            divide(first, mean, width, length);
            reset(first, used * width);
            reset(second, used * width);
            deviation.rows(point, column, width, start, length, mean, first, second);
            tree.fold(first, width, used, scratch);
            tree.fold(second, width, used, scratch);
            long step = columns * dtype.bytes();
            long to = target + row * 3 * step + column * dtype.bytes();
            long bytes = (long) width * dtype.bytes();
            copy(mean, to, bytes);
            copy(first, to + step, bytes);
            copy(second, to + 2 * step, bytes);
          }
          sum.close();
          deviation.close();
        });
  }

  private void reset(long lanes, int count) {
    Raw.fill(dtype, lanes, count, Lanes.identity(ReduceOp.SUM, dtype));
  }

  private void divide(long sums, long means, int width, int length) {
    for (int i = 0; i < width; i++) {
      long at = (long) i * dtype.bytes();
      double total = Bits.asDouble(dtype, Raw.get(dtype, sums + at));
      Raw.set(dtype, means + at, Bits.canonical(dtype, Bits.ofDouble(dtype, total / length)));
    }
  }

  private static void copy(long from, long to, long bytes) {
    java.lang.foreign.MemorySegment.copy(Raw.ALL, from, Raw.ALL, to, bytes);
  }

  /** What sequences side by side have become, if there were any; for people. */
  String describe() {
    return deviations.describe();
  }
}
