package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;
import java.util.List;

/**
 * MEAN and SQUARED_DEVIATIONS of sequences that are taken one after another; a block is read twice,
 * from the cache.
 */
final class MomentRows {
  private final DType dtype;
  private final Machine machine;
  private final RowValues values;
  private final BlockFold sum;

  /** The sums of deviations from a parameter, and of their squares. */
  private final Program deviations;

  MomentRows(Part part, Machine machine) {
    this.dtype = part.dtype();
    this.machine = machine;
    this.values = new RowValues(part, machine.loops());
    this.sum = new BlockFold(ReduceOp.SUM, dtype, machine.loops());
    this.deviations = Program.oneLoop(deviations(dtype), machine.loops());
  }

  private static Kernel deviations(DType dtype) {
    Body body = new Body();
    Body.Value deviation = body.load(dtype, 0).sub(body.param(dtype, 0));
    Body.Value square = deviation.mul(deviation);
    return new Kernel(
        0,
        1,
        List.of(new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS)),
        List.of(dtype),
        body.instrs(),
        List.of(
            new Output.Reduce(ReduceOp.SUM, dtype, deviation.number()),
            new Output.Reduce(ReduceOp.SUM, dtype, square.number())));
  }

  /** Writes means and sums of squared deviations, each where its target is not 0. */
  void run(Geometry geometry, long[] params, long means, long squares) {
    long n = geometry.reducedPoints();
    long rows = geometry.keptPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    Buffer parts = machine.memory().allocate(3 * rows * blocks * dtype.bytes());
    try {
      long address = parts.pin();
      try {
        blocks(geometry, params, address);
        combine(dtype, machine, n, rows, 1, address, means, squares);
      } finally {
        parts.unpin();
      }
    } finally {
      parts.release();
    }
  }

  /** For each row and block three values: the mean and both sums. */
  private void blocks(Geometry geometry, long[] params, long target) {
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    long units = geometry.keptPoints() * blocks;
    long share = values.blocksAChunk(n, units, machine.workers().count());
    machine.forEach(
        Machine.ceilDiv(units, share),
        values.scratchBytes() + sum.scratchBytes() + 2 * Lanes.BYTES,
        (chunk, scratch) -> {
          RowValues.Reader reader = values.new Reader(geometry, params, scratch);
          BlockFold.Folder folder = sum.new Folder(scratch);
          Program.Frame frame = deviations.take();
          long first = scratch.reserve(Lanes.BYTES);
          long second = scratch.reserve(Lanes.BYTES);
          frame.strides[0] = dtype.bytes();
          frame.addresses[1] = first;
          frame.addresses[2] = second;
          long[] pivot = new long[1];
          for (long unit = chunk * share; unit < Math.min(units, (chunk + 1) * share); unit++) {
            long row = unit / blocks;
            long start = (unit - row * blocks) * Lanes.BLOCK;
            int length = (int) Math.min(Lanes.BLOCK, n - start);
            long address = reader.block(row, start, length);
            double total = Bits.asDouble(dtype, folder.block(address, length));
            pivot[0] = Bits.ofDouble(dtype, total / length);
            deviations.prepare(frame, pivot, scratch);
            Lanes.reset(ReduceOp.SUM, dtype, first, 1);
            Lanes.reset(ReduceOp.SUM, dtype, second, 1);
            frame.addresses[0] = address;
            deviations.run(frame, length);
            long to = target + 3 * unit * dtype.bytes();
            Raw.set(dtype, to, pivot[0]);
            Raw.set(dtype, to + dtype.bytes(), Lanes.fold(ReduceOp.SUM, dtype, first));
            Raw.set(dtype, to + 2L * dtype.bytes(), Lanes.fold(ReduceOp.SUM, dtype, second));
          }
          deviations.give(frame);
          folder.close();
          reader.close();
        });
  }

  /**
   * Combines the blocks of each of {@code outer * columns} sequences.
   *
   * @param parts by outer point, block, which of the three values, and column; contiguous
   */
  static void combine(
      DType dtype,
      Machine machine,
      long n,
      long outer,
      long columns,
      long parts,
      long means,
      long squares) {
    int blocks = Math.toIntExact(Machine.ceilDiv(n, Lanes.BLOCK));
    long points = outer * columns;
    long share = Math.max(1, 4L * Lanes.BLOCK / blocks);
    long step = columns * dtype.bytes();
    machine.forEach(
        Machine.ceilDiv(points, share),
        0,
        (chunk, scratch) -> {
          Moments moments = new Moments(dtype, blocks);
          for (long p = chunk * share; p < Math.min(points, (chunk + 1) * share); p++) {
            long row = p / columns;
            long at = parts + row * blocks * 3 * step + (p - row * columns) * dtype.bytes();
            for (int b = 0; b < blocks; b++) {
              moments.means[b] = Bits.asDouble(dtype, Raw.get(dtype, at));
              moments.firsts[b] = Bits.asDouble(dtype, Raw.get(dtype, at + step));
              moments.seconds[b] = Bits.asDouble(dtype, Raw.get(dtype, at + 2 * step));
              at += 3 * step;
            }
            moments.combine(n);
            if (means != 0) {
              Raw.set(dtype, means + p * dtype.bytes(), moments.mean());
            }
            if (squares != 0) {
              Raw.set(dtype, squares + p * dtype.bytes(), moments.squaredDeviations());
            }
          }
        });
  }

  void heat() {
    values.program().heat();
    sum.program().heat();
    deviations.heat();
  }

  String describe() {
    return values.program().describe() + ", then " + deviations.describe();
  }
}
