package dev.kiln.opencl.routine;

import dev.kiln.kernel.Chirp;
import dev.kiln.kernel.Fourier;
import dev.kiln.kernel.Fourier.Parts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the transform of n real numbers reads beside them.
 *
 * @param complex the complex numbers that it goes through
 * @param size their number where passes are done: a power of 2
 * @param roots of unity of that order
 * @param ends of order n, which results are put together by
 * @param factors what numbers are multiplied by before and after a convolution
 * @param transformed what is multiplied by in between, the transform of what is convolved with
 */
record FourierTables(
    int complex,
    int size,
    MemorySegment roots,
    MemorySegment ends,
    MemorySegment factors,
    MemorySegment transformed) {
  /** Read by nobody. */
  private static final Parts NOTHING = Parts.of(1);

  static FourierTables of(int n) {
    int complex = n % 2 == 0 ? n / 2 : n;
    MemorySegment ends = n % 2 == 0 ? rootsOf(n, complex + 1) : pairs(NOTHING);
    if (Integer.bitCount(complex) == 1) {
      MemorySegment nothing = pairs(NOTHING);
      return new FourierTables(complex, complex, rootsOf(complex, complex), ends, nothing, nothing);
    }
    Chirp chirp = Chirp.of(complex);
    int size = chirp.size();
    Parts transformed = new Fourier(size).transform(chirp.around(), Parts.of(size));
    return new FourierTables(
        complex, size, rootsOf(size, size), ends, pairs(chirp.factors()), pairs(transformed));
  }

  /** Whether numbers go forth and back. */
  boolean chirped() {
    return size != complex;
  }

  /** An eighth of a turn where that is a whole number of them, otherwise so many. */
  private static MemorySegment rootsOf(int order, int count) {
    boolean mirrored = order % 8 == 0;
    Parts roots = Parts.of(mirrored ? order / 8 + 1 : count);
    for (int j = 0; j < roots.re().length; j++) {
      roots.re()[j] = Fourier.cosine(j, order);
      roots.im()[j] = mirrored ? Fourier.sine(j, order) : -Fourier.sine(j, order);
    }
    return pairs(roots);
  }

  private static MemorySegment pairs(Parts numbers) {
    int count = numbers.re().length;
    MemorySegment pairs = Arena.ofAuto().allocate(2L * count * Double.BYTES, Double.BYTES);
    for (int k = 0; k < count; k++) {
      pairs.setAtIndex(ValueLayout.JAVA_DOUBLE, 2L * k, numbers.re()[k]);
      pairs.setAtIndex(ValueLayout.JAVA_DOUBLE, 2L * k + 1, numbers.im()[k]);
    }
    return pairs.asReadOnly();
  }
}
