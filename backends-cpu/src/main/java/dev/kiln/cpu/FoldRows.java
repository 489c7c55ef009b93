package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * SUM, PROD, MIN and MAX of sequences that are taken one after another: each block becomes one
 * value, then the values of a sequence's blocks become its result.
 */
final class FoldRows {
  private final DType dtype;
  private final Machine machine;
  private final RowValues values;
  private final BlockFold fold;

  /** The body and the fold in one loop, where that has a vector form and nothing needs a strip. */
  private final @Nullable Program fused;

  FoldRows(ReduceOp op, Part part, Machine machine) {
    this.dtype = part.dtype();
    this.machine = machine;
    this.values = new RowValues(part, machine.loops());
    this.fold = new BlockFold(op, dtype, machine.loops());
    boolean fuses = !part.isRead() && machine.loops().rules().form(part.reduce(op)).isVector();
    this.fused = fuses ? Program.oneLoop(part.reduce(op), machine.loops()) : null;
  }

  void run(Geometry geometry, long[] params, long target) {
    long n = geometry.reducedPoints();
    long rows = geometry.keptPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    if (blocks == 1) {
      blocks(geometry, params, target);
      return;
    }
    Buffer results = machine.memory().allocate(rows * blocks * dtype.bytes());
    try {
      long address = results.pin();
      try {
        blocks(geometry, params, address);
        rows(address, blocks, rows, target);
      } finally {
        results.unpin();
      }
    } finally {
      results.release();
    }
  }

  /** Writes the result of each block of each row. */
  private void blocks(Geometry geometry, long[] params, long target) {
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    long units = geometry.keptPoints() * blocks;
    long share = values.blocksAChunk(n, units, machine.workers().count());
    Program direct = geometry.rank() - geometry.kept() == 1 ? fused : null;
    long scratchBytes = values.scratchBytes() + fold.scratchBytes();
    machine.forEach(
        Machine.ceilDiv(units, share),
        scratchBytes,
        (chunk, scratch) -> {
          long end = Math.min(units, (chunk + 1) * share);
          if (direct != null) {
            fused(direct, geometry, params, chunk * share, end, target, scratch);
            return;
          }
          RowValues.Reader reader = values.new Reader(geometry, params, scratch);
          BlockFold.Folder folder = fold.new Folder(scratch);
          long most = values.inPlace(geometry) ? BlockFold.AT_ONCE : 1;
          for (long unit = chunk * share, some; unit < end; unit += some) {
            long row = unit / blocks;
            long block = unit - row * blocks;
            some = Math.min(most, Math.min(end - unit, blocks - block));
            long start = block * Lanes.BLOCK;
            int length = (int) Math.min(some * Lanes.BLOCK, n - start);
            folder.blocks(reader.block(row, start, length), length, target + unit * dtype.bytes());
          }
          folder.close();
          reader.close();
        });
  }

  private void fused(
      Program program,
      Geometry geometry,
      long[] params,
      long from,
      long to,
      long target,
      Scratch scratch) {
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    Program.Frame frame = program.take();
    geometry.strides(geometry.rank() - 1, frame.strides);
    long lanes = scratch.reserve(fold.scratchBytes());
    program.prepare(frame, params, scratch);
    for (long unit = from, some; unit < to; unit += some) {
      long row = unit / blocks;
      long block = unit - row * blocks;
      some = Math.min(BlockFold.AT_ONCE, Math.min(to - unit, blocks - block));
      long start = block * Lanes.BLOCK;
      geometry.place(frame.addresses, row, start);
      frame.addresses[frame.addresses.length - 1] = lanes;
      int length = (int) Math.min(some * Lanes.BLOCK, n - start);
      fold.fold(program, frame, length, lanes, target + unit * dtype.bytes());
    }
    program.give(frame);
  }

  /** Folds each row's results of blocks into one. */
  private void rows(long results, long blocks, long rows, long target) {
    long share = Math.max(1, 4L * Lanes.BLOCK / blocks);
    machine.forEach(
        Machine.ceilDiv(rows, share),
        fold.scratchBytes(),
        (chunk, scratch) -> {
          BlockFold.Folder folder = fold.new Folder(scratch);
          for (long row = chunk * share; row < Math.min(rows, (chunk + 1) * share); row++) {
            long bits = folder.all(results + row * blocks * dtype.bytes(), blocks);
            Raw.set(dtype, target + row * dtype.bytes(), bits);
          }
          folder.close();
        });
  }

  void heat() {
    Program first = fused == null ? values.program() : fused;
    first.heat();
    fold.program().heat();
  }

  String describe() {
    return fused != null
        ? fused.describe()
        : values.program().describe() + ", then " + fold.program().describe();
  }
}
