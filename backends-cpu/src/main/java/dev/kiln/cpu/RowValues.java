package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Opcode;

/**
 * The values that a reduction takes in, block by block and contiguous: where they lie, or computed
 * into a strip.
 */
final class RowValues {
  /** Instructions that are many for an element. */
  private static final int LARGE = 100;

  private final Part part;
  private final Program store;
  private final DType dtype;
  private final boolean costly;

  RowValues(Part part, Loops loops) {
    this.part = part;
    this.dtype = part.dtype();
    this.store = Stages.program(part.store(), loops);
    this.costly =
        part.body().size() > LARGE
            || part.body().stream()
                .anyMatch(
                    i ->
                        i instanceof Instr.Apply apply
                            && apply.op().group() == Opcode.Group.LIBRARY);
  }

  DType dtype() {
    return dtype;
  }

  Program program() {
    return store;
  }

  /** Whether the values of a sequence lie contiguously in memory, so that no strip is needed. */
  boolean inPlace(Geometry geometry) {
    return part.isRead()
        && geometry.rank() - geometry.kept() == 1
        && geometry.strides()[0][geometry.rank() - 1] == dtype.bytes();
  }

  /** Bytes of scratch for one user. */
  long scratchBytes() {
    return store.scratchBytes() + Scratch.rounded((long) Lanes.BLOCK * dtype.bytes());
  }

  /** One user's way to the values; for one thread at a time. */
  final class Reader {
    private final Geometry geometry;
    private final Program.Frame frame;
    private final long strip;
    private final boolean inPlace;

    /** Prepares for a geometry of the part's operands. */
    Reader(Geometry geometry, long[] params, Scratch scratch) {
      this.geometry = geometry;
      this.inPlace = inPlace(geometry);
      this.frame = store.take();
      this.strip = scratch.reserve((long) Lanes.BLOCK * dtype.bytes());
      geometry.strides(geometry.rank() - 1, frame.strides);
      frame.strides[frame.strides.length - 1] = dtype.bytes();
      store.prepare(frame, params, scratch);
    }

    /**
     * The address of {@code length} values of a row's sequence from a place in it; good until the
     * next call.
     */
    long block(long row, long start, int length) {
      if (inPlace) {
        geometry.place(frame.addresses, row, start);
        return frame.addresses[0];
      }
      long inner = geometry.inner();
      int done = 0;
      while (done < length) {
        long at = start + done;
        int run = (int) Math.min(inner - at % inner, length - done);
        geometry.place(frame.addresses, row, at);
        frame.addresses[frame.addresses.length - 1] = strip + (long) done * dtype.bytes();
        store.run(frame, run);
        done += run;
      }
      return strip;
    }

    void close() {
      store.give(frame);
    }
  }

  /** Blocks that make a chunk of work, for sequences of n elements with so many blocks in all. */
  long blocksAChunk(long n, long blocks, int workers) {
    long length = Math.max(1, Math.min(n, Lanes.BLOCK));
    long most = Math.max(1, (costly ? Lanes.BLOCK : 32 * Lanes.BLOCK) / length);
    if (blocks * length <= 2 * Lanes.BLOCK && !costly) {
      return blocks;
    }
    return Math.max(1, Math.min(most, Machine.ceilDiv(blocks, 4L * workers)));
  }
}
