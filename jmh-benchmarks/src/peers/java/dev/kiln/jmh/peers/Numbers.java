package dev.kiln.jmh.peers;

/** Results as doubles, for the check. */
final class Numbers {
  private Numbers() {}

  static double[] ofFloats(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
