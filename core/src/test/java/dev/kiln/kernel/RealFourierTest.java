package dev.kiln.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kiln.kernel.Fourier.Parts;
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
}
