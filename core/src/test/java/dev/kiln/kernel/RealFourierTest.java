package dev.kiln.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kiln.kernel.Fourier.Parts;
import dev.kiln.kernel.Fourier.Turns;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the sums that define the transform. */
class RealFourierTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 30, 32, 64, 97, 100, 128, 255, 256, 1000})
  void isTheSumOfWaves(int n) {
    SplittableRandom random = new SplittableRandom(n);
    double[] x = random.doubles(n, -1, 1).toArray();
    RealFourier fourier = new RealFourier(n);
    assertThat(fourier.results()).isEqualTo(n / 2 + 1);
    Parts z = fourier.transform(x, Parts.of(fourier.room()), Parts.of(fourier.room()));
    for (int k = 0; k < fourier.results(); k++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < n; i++) {
        double turn = 2 * Math.PI * ((long) i * k % n) / n;
        re += x[i] * Math.cos(turn);
        im -= x[i] * Math.sin(turn);
      }
      assertThat(z.re()[k]).as("re %d of %d", k, n).isCloseTo(re, within(1e-15 * (n + 10)));
      assertThat(z.im()[k]).as("im %d of %d", k, n).isCloseTo(im, within(1e-15 * (n + 10)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 7, 8, 16, 31, 32, 48, 64, 128, 97, 256, 1000, 1024, 8192, 1 << 17})
  void isTheSameHoweverItIsSpread(int n) {
    double[] x = new SplittableRandom(n).doubles(n, -1, 1).toArray();
    RealFourier fourier = new RealFourier(n);
    Parts alone = fourier.transform(x, Parts.of(fourier.room()), Parts.of(fourier.room()));
    for (int share : new int[] {1, 3, 8, 100, 4099}) {
      Parts one = Parts.of(fourier.room());
      Parts other = Parts.of(fourier.room());
      Parts z = fourier.transform(x, one, other, (size, turns) -> backwards(size, share, turns));
      assertThat(bits(z.re(), fourier)).as("re by %d", share).isEqualTo(bits(alone.re(), fourier));
      assertThat(bits(z.im(), fourier)).as("im by %d", share).isEqualTo(bits(alone.im(), fourier));
    }
  }

  /** Shares of that size, the last one first. */
  private static void backwards(int size, int share, Turns turns) {
    for (int chunk = Math.ceilDiv(size, share) - 1; chunk >= 0; chunk--) {
      turns.run(chunk * share, Math.min(size, (chunk + 1) * share));
    }
  }

  private static long[] bits(double[] values, RealFourier fourier) {
    return Arrays.stream(values)
        .limit(fourier.results())
        .mapToLong(Double::doubleToRawLongBits)
        .toArray();
  }
}
