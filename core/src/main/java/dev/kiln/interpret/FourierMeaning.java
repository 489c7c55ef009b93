package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Fourier.Parts;
import dev.kiln.kernel.RealFourier;

/** What the transform of real numbers means: computed in float64, and rounded at the end. */
final class FourierMeaning {
  private FourierMeaning() {}

  /** Pairs of real and imaginary part, in row-major order. */
  static long[] of(Values x) {
    DType dtype = x.dtype();
    int n = (int) x.shape().extent(x.shape().rank() - 1);
    RealFourier fourier = new RealFourier(n);
    int rows = x.bits().length / n;
    long[] out = new long[Math.multiplyExact(rows, 2 * fourier.results())];
    double[] row = new double[n];
    int at = 0;
    for (int r = 0; r < rows; r++) {
      Interrupts.check();
      for (int k = 0; k < n; k++) {
        row[k] = Bits.asDouble(dtype, x.bits()[r * n + k]);
      }
      Parts z = fourier.transform(row, Parts.of(fourier.room()), Parts.of(fourier.room()));
      for (int k = 0; k < fourier.results(); k++) {
        out[at++] = Bits.canonical(dtype, Bits.ofDouble(dtype, z.re()[k]));
        out[at++] = Bits.canonical(dtype, Bits.ofDouble(dtype, z.im()[k]));
      }
    }
    return out;
  }
}
