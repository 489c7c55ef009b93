package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.ReduceOp;

/**
 * Folds contiguous elements in the canonical order: SUM, PROD, MIN and MAX of blocks, and of
 * blocks' results.
 */
final class BlockFold {
  /** Blocks that one call of the loop takes: what is between two calls, memory waits for. */
  static final int AT_ONCE = 32;

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
    return AT_ONCE * Lanes.BYTES;
  }

  /**
   * Runs a loop that reduces into lanes over at most {@link #AT_ONCE} blocks.
   *
   * @param lanes scratch, the address of the frame's output
   * @param target receives a result for each block
   */
  void fold(Program reducing, Program.Frame frame, int length, long lanes, long target) {
    int blocks = (length + Lanes.BLOCK - 1) / Lanes.BLOCK;
    Lanes.reset(op, dtype, lanes, blocks);
    int folded = reducing.run(frame, length) ? length / Lanes.BLOCK : 0;
    for (int b = 0; b < blocks; b++) {
      long at = lanes + (long) b * Lanes.BYTES;
      long bits =
          b < folded ? Bits.canonical(dtype, Raw.get(dtype, at)) : Lanes.fold(op, dtype, at);
      Raw.set(dtype, target + (long) b * dtype.bytes(), bits);
    }
  }

  /** One user's lanes; for one thread at a time. */
  final class Folder {
    private final Program.Frame frame = program.take();
    private final long lanes;

    Folder(Scratch scratch) {
      lanes = scratch.reserve(scratchBytes());
      frame.strides[0] = dtype.bytes();
      frame.addresses[1] = lanes;
      program.prepare(frame, new long[0], scratch);
    }

    /** The result's bits for at most a block. */
    long block(long address, int length) {
      Lanes.reset(op, dtype, lanes, 1);
      frame.addresses[0] = address;
      program.run(frame, length);
      return Lanes.fold(op, dtype, lanes);
    }

    /** Writes the results of blocks, of which the last may be shorter; also over the elements. */
    void blocks(long address, long length, long target) {
      long most = (long) AT_ONCE * Lanes.BLOCK;
      for (long from = 0; from < length; from += most) {
        frame.addresses[0] = address + from * dtype.bytes();
        long results = target + from / Lanes.BLOCK * dtype.bytes();
        fold(program, frame, (int) Math.min(most, length - from), lanes, results);
      }
    }

    /** The result's bits for at least one element; the elements may be used up. */
    long all(long address, long length) {
      long count = length;
      while (count > Lanes.BLOCK) {
        blocks(address, count, address);
        count = Machine.ceilDiv(count, Lanes.BLOCK);
      }
      return block(address, (int) count);
    }

    void close() {
      program.give(frame);
    }
  }
}
