package dev.kiln.cpu.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heat;
import dev.kiln.schedule.Dispatcher;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quicksort with vectors, alone and by buckets, on keys spread in all manner of ways. */
@DisabledIfSystemProperty(named = "kiln.test.noVector", matches = "true")
class QuickSortTest {
  private static Dispatcher workers;

  /** How keys are spread over their bits. */
  enum Spread {
    UNIFORM {
      @Override
      long key(Random random, int i, int n) {
        return random.nextLong();
      }
    },
    FEW {
      @Override
      long key(Random random, int i, int n) {
        return random.nextInt(5) * 0x0123_4567_89ab_cdefL;
      }
    },
    EQUAL {
      @Override
      long key(Random random, int i, int n) {
        return 42;
      }
    },
    ENDS {
      @Override
      long key(Random random, int i, int n) {
        return switch (random.nextInt(4)) {
          case 0 -> Long.MIN_VALUE;
          case 1 -> Long.MAX_VALUE;
          case 2 -> -1;
          default -> random.nextInt(3);
        };
      }
    },
    GREATEST {
      @Override
      long key(Random random, int i, int n) {
        return -1L >>> (random.nextInt(100) == 0 ? 33 : 1);
      }
    },
    SORTED {
      @Override
      long key(Random random, int i, int n) {
        return i * 0x1_0000_0001L;
      }
    },
    REVERSED {
      @Override
      long key(Random random, int i, int n) {
        return -i * 0x1_0000_0001L;
      }
    },
    ORGAN_PIPE {
      @Override
      long key(Random random, int i, int n) {
        return Math.min(i, n - i) * 0x1_0000_0001L;
      }
    },
    WAVES {
      @Override
      long key(Random random, int i, int n) {
        return (i % 64) * 0x1_0000_0001L;
      }
    },
    /** Half are one key, in the midst of others. */
    FREQUENT {
      @Override
      long key(Random random, int i, int n) {
        return random.nextBoolean() ? 7 : random.nextLong();
      }
    },
    SKEWED {
      @Override
      long key(Random random, int i, int n) {
        return random.nextLong() >>> random.nextInt(64);
      }
    };

    abstract long key(Random random, int i, int n);

    long[] keys(Random random, int n) {
      return IntStream.range(0, n).mapToLong(i -> key(random, i, n)).toArray();
    }
  }

  @BeforeAll
  static void open() {
    workers = new Dispatcher(3);
  }

  @AfterAll
  static void close() {
    workers.close();
  }

  private static QuickSort of(int bytes) {
    Optional<QuickSort> quick = Quicks.of(bytes, true, new Heat(Heat.When.ALWAYS)).get();
    return quick.orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void sortsAlone(Spread spread) {
    long seed = spread.ordinal();
    Random random = new Random(seed);
    for (int bytes : new int[] {4, 8}) {
      QuickSort quick = of(bytes);
      int most = quick.passes().most();
      int lanes = quick.passes().lanes();
      IntStream sizes =
          IntStream.concat(
              IntStream.rangeClosed(1, 2 * most + 1),
              IntStream.of(3 * most - 1, 4 * most + lanes - 1, 1000, 4095, 4096, 20_000));
      sizes.forEach(n -> checkAlone(quick, spread.keys(random, n)));
    }
  }

  /** Whatever the pivots are, halving values ends. */
  @ParameterizedTest
  @EnumSource
  void sortsWithTheWorstPivots(Spread spread) {
    Random random = new Random(spread.ordinal());
    for (int bytes : new int[] {4, 8}) {
      SortPasses p = of(bytes).passes();
      Pass worst = (data, n, to, key) -> p.least();
      QuickSort quick =
          new QuickSort(
              new SortPasses(
                  p.bytes(),
                  p.lanes(),
                  p.split(),
                  worst,
                  p.fill(),
                  p.load(),
                  p.rows(),
                  p.crosses(),
                  p.lanewise(),
                  p.turn(),
                  p.ofReal(),
                  p.toReal()));
      for (int n : new int[] {p.most() + 1, 1000, 10_000}) {
        checkAlone(quick, spread.keys(random, n));
      }
    }
  }

  private static void checkAlone(QuickSort quick, long[] keys) {
    SortPasses passes = quick.passes();
    int n = keys.length;
    DType dtype = passes.bytes() == 4 ? DType.INT32 : DType.INT64;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scratch = arena.allocate(QuickSort.Room.bytes(n, passes.bytes()), 64);
      scratch.fill((byte) 0x5a);
      QuickSort.Room room = QuickSort.Room.at(scratch.address(), n, passes.bytes());
      put(dtype, keys, room.data());
      long[] elements = get(dtype, n, room.data(), passes.bytes());
      quick.sort(room, n, passes.least(), passes.greatest());
      Arrays.sort(elements);
      assertThat(get(dtype, n, room.out(), passes.bytes())).isEqualTo(elements);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sortsByBuckets(Spread spread) {
    Random random = new Random(spread.ordinal());
    for (DType dtype : new DType[] {DType.INT32, DType.UINT32, DType.INT64, DType.UINT64}) {
      for (boolean descending : new boolean[] {false, true}) {
        for (boolean places : new boolean[] {false, true}) {
          if (!places || dtype.bytes() == 4) {
            for (int n : new int[] {20_000, 40_001}) {
              checkBuckets(spread.keys(random, n), dtype, descending, places);
            }
          }
        }
      }
    }
  }

  private static void checkBuckets(long[] keys, DType dtype, boolean descending, boolean places) {
    int n = keys.length;
    QuickSort quick = of(places ? 8 : dtype.bytes());
    SignedKeys signed = new SignedKeys(new SortOrder(dtype, descending), places, quick.passes());
    Crew crew = new Crew(workers);
    SampleSort.Layout layout = SampleSort.Layout.of(n, crew.count(), 4096);
    SampleSort sort = new SampleSort(quick, signed, crew, layout);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate((long) n * dtype.bytes(), 64);
      put(dtype, keys, x.address());
      MemorySegment scratch = arena.allocate(sort.scratch(), 64);
      int outBytes = places ? 8 : dtype.bytes();
      MemorySegment out = arena.allocate((long) n * outBytes, 64);
      assertThat(sort.run(x.address(), dtype.bytes(), out.address(), outBytes, scratch.address()))
          .isTrue();
      long[] elements = get(dtype, n, x.address(), dtype.bytes());
      Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
      boolean unsigned = dtype == DType.UINT64;
      Arrays.sort(
          order,
          (a, b) -> {
            int compared =
                unsigned
                    ? Long.compareUnsigned(elements[a], elements[b])
                    : Long.compare(elements[a], elements[b]);
            return descending ? -compared : compared;
          });
      long[] wanted = Arrays.stream(order).mapToLong(i -> places ? i : elements[i]).toArray();
      assertThat(get(places ? DType.INT64 : dtype, n, out.address(), outBytes)).isEqualTo(wanted);
    }
  }

  /** Floating-point keys have the same order in vectors as one by one. */
  @Test
  void keysAreThoseOfTheOrder() {
    Random random = new Random(5);
    long[] special = {
      0,
      Long.MIN_VALUE,
      1,
      Long.MIN_VALUE + 1,
      0x7ff0_0000_0000_0000L,
      0xfff0_0000_0000_0000L,
      0x7ff8_0000_0000_0000L,
      0xfff8_0000_0000_0001L,
      -1L,
      Long.MAX_VALUE,
      0x7f80_0000_7f80_0001L,
      0xff80_0000_ff80_0001L,
      0x8000_0000_8000_0000L,
      0x7fff_ffff_ffff_ffffL
    };
    int n = 1003;
    long[] bits =
        LongStream.generate(
                () -> random.nextInt(3) == 0 ? special[random.nextInt(14)] : random.nextLong())
            .limit(n)
            .toArray();
    for (DType dtype :
        new DType[] {
          DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.UINT32, DType.INT64, DType.UINT64
        }) {
      int bytes = dtype.bytes();
      QuickSort quick = of(bytes);
      for (boolean descending : new boolean[] {false, true}) {
        SortOrder order = new SortOrder(dtype, descending);
        SignedKeys keys = new SignedKeys(order, false, quick.passes());
        try (Arena arena = Arena.ofConfined()) {
          long x = arena.allocate((long) n * bytes, 64).address();
          long apart = arena.allocate(2L * n * bytes, 64).address();
          long to = arena.allocate((long) n * bytes, 64).address();
          long back = arena.allocate((long) n * bytes, 64).address();
          for (int i = 0; i < n; i++) {
            put(bytes == 4 ? DType.UINT32 : DType.UINT64, bits[i], x + (long) i * bytes);
            put(bytes == 4 ? DType.UINT32 : DType.UINT64, bits[i], apart + 2L * i * bytes);
          }
          keys.encode(x, bytes, 0, n, to);
          for (int i = 0; i < n; i++) {
            long top = bytes == 4 ? 0x8000_0000L : Long.MIN_VALUE;
            long key = order.key(x + (long) i * bytes) ^ top;
            assertThat(keys.key(to + (long) i * bytes)).isEqualTo(bytes == 4 ? (int) key : key);
          }
          long[] dense = get(dtype, n, to, bytes);
          keys.encode(apart, 2L * bytes, 0, n, to);
          assertThat(get(dtype, n, to, bytes)).isEqualTo(dense);
          keys.decode(to, n, back, bytes);
          keys.decode(to, n, apart, 2L * bytes);
          assertThat(get(dtype, n, apart, 2 * bytes)).isEqualTo(get(dtype, n, back, bytes));
          keys.encode(back, bytes, 0, n, to);
          assertThat(get(dtype, n, to, bytes)).isEqualTo(dense);
        }
      }
    }
  }

  /** A pattern that hides most keys from the sample is noticed, and nothing is written. */
  @Test
  void aMisleadingSampleIsNoticed() {
    QuickSort quick = of(4);
    SignedKeys keys = new SignedKeys(new SortOrder(DType.INT32, false), false, quick.passes());
    int n = 40_000;
    SampleSort.Layout layout = new SampleSort.Layout(n, 4096, 64, 4096);
    SampleSort sort = new SampleSort(quick, keys, new Crew(workers), layout);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(4L * n, 64);
      MemorySegment out = arena.allocate(4L * n, 64);
      MemorySegment scratch = arena.allocate(sort.scratch(), 64);
      boolean[] seen = new boolean[n];
      for (int i = 0; i < layout.samples(); i++) {
        seen[(int) layout.sample(i)] = true;
      }
      for (int i = 0; i < n; i++) {
        put(DType.INT32, seen[i] ? i : n + i, x.address() + 4L * i);
      }
      assertThat(sort.run(x.address(), 4, out.address(), 4, scratch.address())).isFalse();
      assertThat(get(DType.INT32, n, out.address(), 4)).containsOnly(0);
    }
  }

  private static void put(DType dtype, long[] values, long address) {
    for (int i = 0; i < values.length; i++) {
      put(dtype, values[i], address + (long) i * dtype.bytes());
    }
  }

  private static void put(DType dtype, long value, long address) {
    Raw.set(dtype, address, value);
  }

  private static long[] get(DType dtype, int n, long address, long stride) {
    return IntStream.range(0, n).mapToLong(i -> Raw.get(dtype, address + i * stride)).toArray();
  }
}
