package dev.kiln.kernel;

import dev.kiln.kernel.Fourier.Parts;

/**
 * What Bluestein's way of transforming n numbers multiplies and convolves them by: turns that
 * quicken.
 *
 * @param factors what the n numbers are multiplied by, before and after
 * @param around what they are convolved with, whose length is a power of 2
 */
public record Chirp(Parts factors, Parts around) {
  /** Of so many numbers. */
  public static Chirp of(int n) {
    int size = Integer.highestOneBit(2 * n - 1) << 1;
    Parts factors = Parts.of(n);
    Parts around = Parts.of(size);
    for (int k = 0; k < n; k++) {
      int turn = (int) ((long) k * k % (2L * n));
      factors.re()[k] = Fourier.cosine(turn, 2 * n);
      factors.im()[k] = -Fourier.sine(turn, 2 * n);
      around.re()[k] = factors.re()[k];
      around.im()[k] = -factors.im()[k];
      if (k > 0) {
        around.re()[size - k] = factors.re()[k];
        around.im()[size - k] = -factors.im()[k];
      }
    }
    return new Chirp(factors, around);
  }

  /** The length of the convolution. */
  public int size() {
    return around.re().length;
  }
}
