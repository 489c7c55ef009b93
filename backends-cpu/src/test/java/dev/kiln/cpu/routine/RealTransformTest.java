package dev.kiln.cpu.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.kernel.Fourier;
import dev.kiln.kernel.Fourier.Parts;
import dev.kiln.kernel.RealFourier;
import dev.kiln.schedule.Dispatcher;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bits of the definition, in scalar and in vector code, whoever does it. */
class RealTransformTest {
  private static List<Butterfly> ways() {
    List<Butterfly> ways = new ArrayList<>();
    ways.add(new ScalarButterfly());
    if (!Boolean.getBoolean("kiln.test.noVector") && VectorButterfly.fits()) {
      ways.add(new VectorButterfly());
    }
    return ways;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 16, 31, 32, 48, 61, 63, 64, 100, 126, 128, 256})
  void shortRowsAreAsDefined(int n) {
    RealTransform transform = new RealTransform(n, false);
    assertThat(transform.isLong()).isFalse();
    try (Arena arena = Arena.ofConfined()) {
      for (int count : new int[] {1, 7, 8, 9, transform.width()}) {
        List<long[]> expected = new ArrayList<>();
        RealRow[] in = new RealRow[count];
        long[] out = new long[count];
        for (int l = 0; l < count; l++) {
          double[] x = new SplittableRandom(31L * n + l).doubles(n, -1, 1).toArray();
          MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x);
          expected.add(defined(x));
          in[l] = transform.row(from.address(), Double.BYTES);
        }
        for (Butterfly way : ways()) {
          MemorySegment to = arena.allocate(16L * count * transform.results(), 8);
          for (int l = 0; l < count; l++) {
            out[l] = to.address() + 16L * l * transform.results();
          }
          transform.transform(way, in, out);
          for (int l = 0; l < count; l++) {
            long bytes = 16L * transform.results();
            assertThat(to.asSlice(l * bytes, bytes).toArray(ValueLayout.JAVA_LONG))
                .as("row %d of %d by %s", l, count, way)
                .isEqualTo(expected.get(l));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        65, 127, 130, 258, 512, 1000, 1024, 1031, 2048, 4096, 4098, 8192, 10_007, 1 << 15, 1 << 16,
        3 << 15, 1 << 18
      })
  void longRowsAreAsDefined(int n) {
    double[] x = new SplittableRandom(n).doubles(n, -1, 1).toArray();
    RealTransform transform = new RealTransform(n, false);
    assertThat(transform.isLong()).isTrue();
    long[] expected = defined(x);
    for (int threads : new int[] {1, 2, 3, 8}) {
      try (Arena arena = Arena.ofShared();
          Dispatcher workers = new Dispatcher(threads)) {
        MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x);
        for (Butterfly way : ways()) {
          MemorySegment to = arena.allocate(16L * transform.results(), 8);
          RealRow row = transform.row(in.address(), Double.BYTES);
          transform.transform(way, row, to.address(), new Crew(workers));
          assertThat(to.toArray(ValueLayout.JAVA_LONG))
              .as("%d threads by %s", threads, way)
              .isEqualTo(expected);
        }
      }
    }
  }

  /** The bits of the definition's results, real and imaginary parts in turns. */
  private static long[] defined(double[] x) {
    RealFourier fourier = new RealFourier(x.length);
    Parts z = fourier.transform(x, Parts.of(fourier.room()), Parts.of(fourier.room()));
    long[] bits = new long[2 * fourier.results()];
    for (int k = 0; k < fourier.results(); k++) {
      bits[2 * k] = Double.doubleToRawLongBits(z.re()[k]);
      bits[2 * k + 1] = Double.doubleToRawLongBits(z.im()[k]);
    }
    return bits;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 8, 12, 16, 40, 64, 1000, 1024})
  void mirroredRootsAreThoseComputed(int n) {
    Roots roots = new Roots(n);
    for (int j = 0; j < n; j++) {
      assertThat(Double.doubleToRawLongBits(roots.re(j)))
          .isEqualTo(Double.doubleToRawLongBits(Fourier.cosine(j, n)));
      assertThat(Double.doubleToRawLongBits(roots.im(j)))
          .isEqualTo(Double.doubleToRawLongBits(-Fourier.sine(j, n)));
    }
  }
}
