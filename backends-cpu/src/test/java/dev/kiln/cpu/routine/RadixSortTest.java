package dev.kiln.cpu.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.spi.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Radix sort on keys spread in all manner of ways, in groups so small that all its turns occur. */
class RadixSortTest {
  private static final RadixSort.Sizes SMALL = new RadixSort.Sizes(256, 16);
  private static final int MOST = 20_000;

  private static final Memory NONE =
      bytes -> {
        throw new AssertionError("nothing is sorted");
      };

  private static Dispatcher workers;

  /** How keys are spread over their 64 bits. */
  enum Spread {
    UNIFORM {
      @Override
      long key(Random random) {
        return random.nextLong();
      }
    },
    FEW {
      @Override
      long key(Random random) {
        return random.nextInt(5) * 0x0123_4567_89ab_cdefL;
      }
    },
    EQUAL {
      @Override
      long key(Random random) {
        return 42;
      }
    },
    CLUSTERS {
      @Override
      long key(Random random) {
        return ((random.nextLong() & 3) << 62)
            + ((random.nextLong() & 1) << 31)
            + random.nextInt(99);
      }
    },
    OUTLIERS {
      @Override
      long key(Random random) {
        return random.nextInt(1000) == 0 ? random.nextLong() : random.nextInt(1 << 20);
      }
    },
    LOW_BITS_CLEAR {
      @Override
      long key(Random random) {
        return random.nextLong() << 40;
      }
    },
    SKEWED {
      @Override
      long key(Random random) {
        return random.nextLong() >>> random.nextInt(64);
      }
    };

    abstract long key(Random random);
  }

  @BeforeAll
  static void open() {
    workers = new Dispatcher(4);
  }

  @AfterAll
  static void close() {
    workers.close();
  }

  @ParameterizedTest
  @EnumSource
  void sortsAndKeepsTheOrderOfEqualKeys(Spread spread) {
    Random random = new Random(spread.ordinal());
    for (int n : new int[] {1, 2, 63, 64, 65, 1000, 4097, 10_000, MOST}) {
      long[] keys = LongStream.generate(() -> spread.key(random)).limit(n).toArray();
      for (DType dtype : new DType[] {DType.UINT64, DType.INT64, DType.UINT32, DType.INT16}) {
        for (boolean descending : new boolean[] {false, true}) {
          check(keys, dtype, descending, new Crew(workers), SMALL);
          check(keys, dtype, descending, Crew.alone(), SMALL);
        }
      }
    }
  }

  /** One group that is larger than a block, and many. */
  @ParameterizedTest
  @EnumSource
  void sortsInGroupsOfTheUsualSize(Spread spread) {
    Random random = new Random(spread.ordinal());
    for (int n : new int[] {MOST, 150_000}) {
      long[] keys = LongStream.generate(() -> spread.key(random)).limit(n).toArray();
      for (DType dtype : new DType[] {DType.UINT64, DType.UINT32}) {
        check(keys, dtype, false, new Crew(workers), RadixSort.Sizes.USUAL);
      }
    }
  }

  private static void check(
      long[] keys, DType dtype, boolean descending, Crew crew, RadixSort.Sizes sizes) {
    int n = keys.length;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate((long) n * dtype.bytes(), 64);
      for (int i = 0; i < n; i++) {
        Raw.set(dtype, x.address() + (long) i * dtype.bytes(), keys[i]);
      }
      long[] elements =
          IntStream.range(0, n)
              .mapToLong(i -> Raw.get(dtype, x.address() + (long) i * dtype.bytes()))
              .toArray();
      Comparator<Integer> order =
          dtype.kind() == DType.Kind.SIGNED
              ? (a, b) -> Long.compare(elements[a], elements[b])
              : (a, b) -> Long.compareUnsigned(elements[a], elements[b]);
      int[] places =
          IntStream.range(0, n)
              .boxed()
              .sorted(descending ? order.reversed() : order)
              .mapToInt(i -> i)
              .toArray();
      SortOrder wanted = new SortOrder(dtype, descending);
      MemorySegment scratch = arena.allocate(2L * n * 16, 64);
      MemorySegment out = arena.allocate(8L * n, 64);

      new RadixSort(
              new Records(wanted, Records.Form.KEY), crew, sizes, new ConcurrentLinkedQueue<>())
          .run(x.address(), dtype.bytes(), n, out.address(), 8, scratch.address());
      assertThat(
              IntStream.range(0, n)
                  .mapToLong(i -> Raw.get(dtype, out.address() + 8L * i))
                  .toArray())
          .isEqualTo(Arrays.stream(places).mapToLong(i -> elements[i]).toArray());

      List<Records.Form> placed =
          wanted.isWide()
              ? List.of(Records.Form.PLACE)
              : List.of(Records.Form.PACKED_PLACE, Records.Form.PLACE);
      for (Records.Form form : placed) {
        new RadixSort(new Records(wanted, form), crew, sizes, new ConcurrentLinkedQueue<>())
            .run(x.address(), dtype.bytes(), n, out.address(), 8, scratch.address());
        assertThat(out.toArray(ValueLayout.JAVA_LONG))
            .isEqualTo(Arrays.stream(places).asLongStream().toArray());
      }
    }
  }

  @Test
  void groupsAreNeverEmptyAndOnlyOneValueIsTooMany() {
    Groups groups = Groups.of(new int[][] {{0, 3, 0, 9, 1}, {0, 1, 0, 9, 0}}, 5);
    assertThat(groups.starts()).containsExactly(0, 4, 22, 23);
    assertThat(groups.ofDigit()[1]).isEqualTo((char) 0);
    assertThat(groups.ofDigit()[3]).isEqualTo((char) 1);
    assertThat(groups.ofDigit()[4]).isEqualTo((char) 2);
    assertThat(groups.places(new int[][] {{0, 3, 0, 9, 1}, {0, 1, 0, 9, 0}}, 1000, 8))
        .isDeepEqualTo(new long[][] {{1000, 1032, 1176}, {1024, 1104, 1184}});
  }

  @Test
  void placesBeyondTheThirtySecondBitHaveRoom() {
    RadixSorting sort =
        new RadixSorting(new SortOrder(DType.INT8, false), true, Crew.alone(), NONE);
    assertThat(sort.form(1L << 32)).isEqualTo(Records.Form.PACKED_PLACE);
    assertThat(sort.form((1L << 32) + 1)).isEqualTo(Records.Form.PLACE);
  }
}
