package dev.kiln.opencl.source;

import java.util.List;

/** Which text a launch of a kernel is done by: all give the same bits. */
public sealed interface Form {
  /** Strips of rows, or blocks of sequences. */
  record Plain() implements Form {}

  /**
   * Tiles of the two innermost dimensions, for stores that read operands against the grain.
   *
   * @param tiled the operands that are copied
   * @param processor whether for a processor's cache; otherwise for local memory
   */
  record Tiles(List<Tiled> tiled, boolean processor) implements Form {
    public Tiles {
      tiled = List.copyOf(tiled);
    }
  }

  /**
   * Blocks of neighbouring sequences at once, for reductions along columns.
   *
   * @param beside the operands of which neighbouring sequences have neighbouring elements
   */
  record Columns(List<Integer> beside) implements Form {
    public Columns {
      beside = List.copyOf(beside);
    }
  }

  /**
   * A team of work-items for each block of a sequence, for GPUs.
   *
   * @param across whether neighbouring sequences have neighbouring elements, which neighbouring
   *     work-items read then
   */
  record Teams(boolean across) implements Form {}

  /** A work-item for each of many short sequences, for GPUs. */
  record Alone() implements Form {}

  /** A work-item for a point or a few, for GPUs. */
  record Points() implements Form {}
}
