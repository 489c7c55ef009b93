package dev.kiln.cpu.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.spi.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Keys of 64 bits whose upper digits leave runs: short, long, and longer than the JDK is for. */
class SortTest {
  private static final int N = 140_000;

  @Test
  void runsOfEveryLength() {
    for (int upper : new int[] {1, 2, 5, 100, 1000, 20_000, N}) {
      SplittableRandom random = new SplittableRandom(upper);
      // The upper half tells `upper` runs apart, the lower half is any.
      sorted(i -> random.nextLong(upper) << 40 | random.nextLong(1L << 30));
      sorted(i -> -random.nextLong(upper) << 40 | random.nextLong(1L << 8));
    }
  }

  @Test
  void aRunThatCrossesAllParts() {
    SplittableRandom random = new SplittableRandom(7);
    sorted(i -> i % 1000 == 0 ? random.nextLong() : 3L << 60 | random.nextLong(1L << 20));
  }

  @Test
  void numbersThatDifferInTheirLowestDigitsOnly() {
    sorted(i -> (i * 7919) % 251);
    sorted(i -> 42);
  }

  private static void sorted(LongUnaryOperator element) {
    long[] x = LongStream.range(0, N).map(element).toArray();
    long[] expected = x.clone();
    Arrays.sort(expected);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_LONG, x);
      MemorySegment out = arena.allocate(8L * N, 8);
      MemorySegment scratch = arena.allocate(16L * N, 8);
      new RadixSort(new WideKeys(), new Crew(new FourParts()))
          .run(
              new SortOrder(DType.INT64, false),
              in.address(),
              8,
              N,
              out.address(),
              8,
              scratch.address());
      assertThat(out.toArray(ValueLayout.JAVA_LONG)).isEqualTo(expected);
    }
  }

  /** Says that there are four workers, and does all on the calling thread, the last part first. */
  private static final class FourParts implements Workers {
    @Override
    public int count() {
      return 4;
    }

    @Override
    public void forEach(long chunks, Task task) {
      for (long chunk = chunks - 1; chunk >= 0; chunk--) {
        task.run(chunk, 0);
      }
    }
  }
}
