package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;

/** SUM, PROD, MIN and MAX of sequences side by side. */
final class FoldColumns {
  private final ReduceOp op;
  private final DType dtype;
  private final Part part;
  private final Machine machine;
  private final Columns.Steps steps;
  private final Columns.Tree tree;

  FoldColumns(ReduceOp op, Part part, Machine machine) {
    this.op = op;
    this.dtype = part.dtype();
    this.part = part;
    this.machine = machine;
    this.steps = new Columns.Steps(part, 0, 1, Columns.folding(op, dtype), machine.loops());
    this.tree = new Columns.Tree(op, dtype, machine.loops());
  }

  void run(Geometry geometry, long[] params, long target) {
    long columns = geometry.extents()[geometry.kept() - 1];
    long outer = geometry.points(0, geometry.kept() - 1);
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    if (blocks == 1) {
      blocks(geometry, params, target);
      return;
    }
    Buffer results = machine.memory().allocate(outer * blocks * columns * dtype.bytes());
    try {
      long address = results.pin();
      try {
        blocks(geometry, params, address);
        long step = columns * dtype.bytes();
        Geometry rest =
            new Geometry(
                new long[] {outer, columns, blocks},
                2,
                new long[] {address},
                new long[][] {{blocks * step, dtype.bytes(), step}});
        Part read = Part.read(dtype, Operand.Access.STRIDED);
        new FoldColumns(op, read, machine).run(rest, new long[0], target);
      } finally {
        results.unpin();
      }
    } finally {
      results.release();
    }
  }

  private void blocks(Geometry geometry, long[] params, long target) {
    long columns = geometry.extents()[geometry.kept() - 1];
    long outer = geometry.points(0, geometry.kept() - 1);
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    int tile =
        Columns.tile(
            part, geometry, outer * blocks, Columns.WIDEST_TILE, machine.workers().count());
    long tiles = Machine.ceilDiv(columns, tile);
    long units = outer * blocks * tiles;
    long share =
        Columns.tilesAChunk(Math.min(n, Lanes.BLOCK) * tile, units, machine.workers().count());
    tree.heat(geometry, steps);
    long lanesBytes = (long) Lanes.BYTES * tile;
    machine.forEach(
        Machine.ceilDiv(units, share),
        Scratch.rounded(lanesBytes) + Columns.Walk.scratchBytes(geometry, steps),
        (chunk, scratch) -> {
          long lanes = scratch.reserve(lanesBytes);
          Columns.Walk walk = new Columns.Walk(geometry, steps, params, scratch);
          for (long unit = chunk * share; unit < Math.min(units, (chunk + 1) * share); unit++) {
            long row = unit / tiles;
            long column = (unit - row * tiles) * tile;
            int width = (int) Math.min(tile, columns - column);
            long point = row / blocks;
            long start = (row - point * blocks) * Lanes.BLOCK;
            int length = (int) Math.min(Lanes.BLOCK, n - start);
            int used = Math.min(Lanes.count(dtype), length);
            Raw.fill(dtype, lanes, (long) used * width, Lanes.identity(op, dtype));
            walk.rows(point, column, width, start, length, 0, lanes);
            tree.fold(lanes, width, used, scratch);
            long to = target + (row * columns + column) * dtype.bytes();
            for (int i = 0; i < width; i++) {
              long at = (long) i * dtype.bytes();
              Raw.set(dtype, to + at, Bits.canonical(dtype, Raw.get(dtype, lanes + at)));
            }
          }
          walk.close();
        });
  }

  /** What sequences side by side have become, if there were any; for people. */
  String describe() {
    return steps.describe();
  }
}
