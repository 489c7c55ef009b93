package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.ScalarMeaning;
import dev.kiln.spi.Buffer;

/**
 * ARGMIN and ARGMAX: the extreme value of each block, then the first block that has the whole
 * sequence's, then the first place in it. Only that block is searched.
 */
final class ArgRows {
  private final boolean smallest;
  private final DType dtype;
  private final Machine machine;
  private final RowValues values;
  private final BlockFold fold;

  ArgRows(ReduceOp op, Part part, Machine machine) {
    this.smallest = op == ReduceOp.ARGMIN;
    this.dtype = part.dtype();
    this.machine = machine;
    this.values = new RowValues(part, machine.loops());
    this.fold = new BlockFold(smallest ? ReduceOp.MIN : ReduceOp.MAX, dtype, machine.loops());
  }

  void run(Geometry geometry, long[] params, long target) {
    long n = geometry.reducedPoints();
    long rows = geometry.keptPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    Buffer extremes = machine.memory().allocate(rows * blocks * Long.BYTES);
    try {
      long address = extremes.pin();
      try {
        extremes(geometry, params, address);
        search(geometry, params, address, target);
      } finally {
        extremes.unpin();
      }
    } finally {
      extremes.release();
    }
  }

  /** The bits of each block's extreme value. */
  private void extremes(Geometry geometry, long[] params, long target) {
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    long units = geometry.keptPoints() * blocks;
    long share = values.blocksAChunk(n, units, machine.workers().count());
    machine.forEach(
        Machine.ceilDiv(units, share),
        values.scratchBytes() + fold.scratchBytes(),
        (chunk, scratch) -> {
          RowValues.Reader reader = values.new Reader(geometry, params, scratch);
          BlockFold.Folder folder = fold.new Folder(scratch);
          for (long unit = chunk * share; unit < Math.min(units, (chunk + 1) * share); unit++) {
            long row = unit / blocks;
            long start = (unit - row * blocks) * Lanes.BLOCK;
            int length = (int) Math.min(Lanes.BLOCK, n - start);
            long bits = folder.block(reader.block(row, start, length), length);
            Raw.setLong(target + unit * Long.BYTES, bits);
          }
          folder.close();
          reader.close();
        });
  }

  private void search(Geometry geometry, long[] params, long extremes, long target) {
    long n = geometry.reducedPoints();
    long blocks = Machine.ceilDiv(n, Lanes.BLOCK);
    long rows = geometry.keptPoints();
    long share = values.blocksAChunk(n, rows, machine.workers().count());
    machine.forEach(
        Machine.ceilDiv(rows, share),
        values.scratchBytes(),
        (chunk, scratch) -> {
          RowValues.Reader reader = values.new Reader(geometry, params, scratch);
          for (long row = chunk * share; row < Math.min(rows, (chunk + 1) * share); row++) {
            long best = 0;
            long bits = Raw.getLong(extremes + row * blocks * Long.BYTES);
            for (long b = 1; b < blocks; b++) {
              long other = Raw.getLong(extremes + (row * blocks + b) * Long.BYTES);
              if (beats(other, bits)) {
                best = b;
                bits = other;
              }
            }
            long start = best * Lanes.BLOCK;
            int length = (int) Math.min(Lanes.BLOCK, n - start);
            long index = start + first(reader.block(row, start, length), length, bits);
            Raw.setLong(target + row * Long.BYTES, index);
          }
          reader.close();
        });
  }

  private boolean beats(long a, long b) {
    if (isNaN(b)) {
      return false;
    }
    return isNaN(a)
        || ScalarMeaning.apply(smallest ? Opcode.LT : Opcode.GT, DType.BOOL, dtype, a, b, 0) != 0;
  }

  private boolean isNaN(long bits) {
    return dtype.isFloat() && Double.isNaN(Bits.asDouble(dtype, bits));
  }

  /** The first place of a NaN where the bits are NaN's, otherwise of an equal element. */
  private int first(long address, int length, long bits) {
    switch (dtype) {
      case FLOAT32 -> {
        float wanted = Bits.toFloat(bits);
        for (int i = 0; i < length; i++) {
          float x = Raw.getFloat(address + 4L * i);
          if (x == wanted || (Float.isNaN(x) && Float.isNaN(wanted))) {
            return i;
          }
        }
      }
      case FLOAT64 -> {
        double wanted = Bits.toDouble(bits);
        for (int i = 0; i < length; i++) {
          double x = Raw.getDouble(address + 8L * i);
          if (x == wanted || (Double.isNaN(x) && Double.isNaN(wanted))) {
            return i;
          }
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          if (Raw.get(dtype, address + (long) dtype.bytes() * i) == bits) {
            return i;
          }
        }
      }
    }
    throw new AssertionError("the extreme of a block is not in it");
  }

  void heat() {
    values.program().heat();
    fold.program().heat();
  }

  String describe() {
    return values.program().describe() + ", then " + fold.program().describe();
  }
}
