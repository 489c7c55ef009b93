package dev.kiln.cpu.routine;

/**
 * What a pass multiplies with, in the order in which it does: for turn b the factors of three of
 * the four parts, of which part q has the root of unity q·b·m.
 */
@SuppressWarnings("ArrayRecordComponent") // Read in inner loops, never compared.
record Factors(double[] re1, double[] im1, double[] re2, double[] im2, double[] re3, double[] im3) {
  /** Of the pass of a transform that has done m of its roots' count. */
  static Factors of(Roots roots, int m) {
    int turns = roots.count() / 4 / m;
    Factors factors =
        new Factors(
            new double[turns],
            new double[turns],
            new double[turns],
            new double[turns],
            new double[turns],
            new double[turns]);
    for (int b = 0; b < turns; b++) {
      factors.re1[b] = roots.re(b * m);
      factors.im1[b] = roots.im(b * m);
      factors.re2[b] = roots.re(2 * b * m);
      factors.im2[b] = roots.im(2 * b * m);
      factors.re3[b] = roots.re(3 * b * m);
      factors.im3[b] = roots.im(3 * b * m);
    }
    return factors;
  }
}
