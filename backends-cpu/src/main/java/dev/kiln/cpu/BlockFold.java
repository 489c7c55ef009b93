package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.ReduceOp;

/**
 * Folds contiguous elements in the canonical order: SUM, PROD, MIN and MAX of a block, and of
 * blocks' results.
 */
final class BlockFold {
  private final ReduceOp op;
  private final DType dtype;
  private final Program program;

  BlockFold(ReduceOp op, DType dtype, Loops loops) {
    this.op = op;
    this.dtype = dtype;
    this.program = Program.oneLoop(Part.read(dtype, Operand.Access.CONTIGUOUS).reduce(op), loops);
  }

  Program program() {
    return program;
  }

  long scratchBytes() {
    return Lanes.BYTES;
  }

  /** One user's lanes; for one thread at a time. */
  final class Folder {
    private final Program.Frame frame = program.take();
    private final long lanes;

    Folder(Scratch scratch) {
      lanes = scratch.reserve(Lanes.BYTES);
      frame.strides[0] = dtype.bytes();
      frame.addresses[1] = lanes;
      program.prepare(frame, new long[0], scratch);
    }

    /** The result's bits for at most a block. */
    long block(long address, int length) {
      Lanes.reset(op, dtype, lanes);
      frame.addresses[0] = address;
      program.run(frame, length);
      return Lanes.fold(op, dtype, lanes);
    }

    /** The result's bits for at least one element; the elements may be used up. */
    long all(long address, long length) {
      long count = length;
      while (count > Lanes.BLOCK) {
        long blocks = 0;
        for (long from = 0; from < count; from += Lanes.BLOCK) {
          int some = (int) Math.min(Lanes.BLOCK, count - from);
          long bits = block(address + from * dtype.bytes(), some);
          Raw.set(dtype, address + blocks++ * dtype.bytes(), bits);
        }
        count = blocks;
      }
      return block(address, (int) count);
    }

    void close() {
      program.give(frame);
    }
  }
}
