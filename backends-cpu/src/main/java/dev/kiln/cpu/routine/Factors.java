package dev.kiln.cpu.routine;

/**
 * What a pass multiplies with, in the order in which it does: for turn b the factors of three of
 * the four parts, of which part q has the root of unity q·b·m.
 *
 * @param table for each of these parts the real parts of all turns, and then the imaginary ones
 * @param apart how far apart these are; no power of 2, since they would meet in a cache
 */
@SuppressWarnings("ArrayRecordComponent") // Read in inner loops, never compared.
record Factors(double[] table, int apart) {
  /** Of the pass of a transform that has done m of its roots' count. */
  static Factors of(Roots roots, int m) {
    int turns = roots.count() / 4 / m;
    int apart = turns + Passes.PADDING;
    double[] table = new double[6 * apart];
    for (int b = 0; b < turns; b++) {
      for (int q = 1; q <= 3; q++) {
        int at = 2 * (q - 1) * apart + b;
        table[at] = roots.re(q * b * m);
        table[at + apart] = roots.im(q * b * m);
      }
    }
    return new Factors(table, apart);
  }
}
