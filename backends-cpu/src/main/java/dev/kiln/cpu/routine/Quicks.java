package dev.kiln.cpu.routine;

import dev.kiln.cpu.heat.Heat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Optional;
import java.util.SplittableRandom;

/** Quicksort for keys of each width, where there are vectors for it; it serves when it is hot. */
final class Quicks {
  /** Keys to heat with: enough for splits, and for all passes on what they leave. */
  private static final int FEW = 400;

  /** Calls without work of each pass, and how many rounds of these go with one that sorts. */
  private static final int IDLE_CALLS = 2;

  private static final int TURNS = 4;

  private Quicks() {}

  /** Quicksort for keys of so many bytes. */
  static Hot<Optional<QuickSort>> of(int bytes, boolean vectors, Heat heat) {
    if (vectors && bytes == Integer.BYTES && IntPasses.fits()) {
      return hot(IntPasses.all(), heat);
    }
    if (vectors && bytes == Long.BYTES && LongPasses.fits()) {
      return hot(LongPasses.all(), heat);
    }
    return new Hot<>(Optional.empty(), null, sort -> {}, heat);
  }

  private static Hot<Optional<QuickSort>> hot(SortPasses passes, Heat heat) {
    int bytes = passes.bytes();
    MemorySegment keys = Arena.ofAuto().allocate((long) FEW * bytes, 64);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < FEW / (Long.BYTES / bytes); i++) {
      Raw.setLong(keys.address() + (long) i * Long.BYTES, random.nextLong());
    }
    MemorySegment scratch = Arena.ofAuto().allocate(QuickSort.Room.bytes(FEW, bytes), 64);
    QuickSort.Room room = QuickSort.Room.at(scratch.address(), FEW, bytes);
    Exercise exercise = new Exercise(passes.all().toArray(Pass[]::new), keys, scratch, room);
    return new Hot<>(
        Optional.empty(), Optional.of(new QuickSort(passes)), way -> exercise.run(way), heat);
  }

  /** Calls to heat with: the JIT compiler counts those that have nothing to do like any others. */
  private static final class Exercise {
    private final Pass[] passes;
    private final MemorySegment keys;
    private final MemorySegment scratch;
    private final QuickSort.Room room;
    private int calls;

    Exercise(Pass[] passes, MemorySegment keys, MemorySegment scratch, QuickSort.Room room) {
      this.passes = passes;
      this.keys = keys;
      this.scratch = scratch;
      this.room = room;
    }

    void run(Optional<QuickSort> way) {
      for (Pass pass : passes) {
        for (int k = 0; k < IDLE_CALLS; k++) {
          pass.run(room.data(), 0, room.data(), 0);
        }
      }
      if (calls++ % TURNS == 0 && way.isPresent()) { // a method reference would be an object
        sort(way.get());
      }
    }

    /** Sorts a copy of the keys. */
    private void sort(QuickSort sort) {
      try {
        SortPasses all = sort.passes();
        QuickSort.run(all.turn(), keys.address(), FEW, room.data(), 1);
        QuickSort.run(all.ofReal(), room.data(), FEW, room.data(), 0);
        sort.sort(room, FEW, all.least(), all.greatest());
        QuickSort.run(all.toReal(), room.out(), FEW, room.out(), 0);
      } finally {
        Reference.reachabilityFence(scratch);
      }
    }
  }
}
