package dev.kiln.cpu.routine;

import dev.kiln.cpu.heat.Heat;
import dev.kiln.cpu.routine.Butterfly.Walk;
import dev.kiln.kernel.Fourier.Parts;

/** The ways of butterflies. */
final class Butterflies {
  /** The length of the runs to heat with, and how many there are of a part. */
  private static final int FEW = 4 * Butterfly.MOST_LANES;

  private static final int TURNS = 4;

  // Made once: what is hot allocates nothing.
  private static final Walk FROM = new Walk(0, FEW, TURNS * FEW);
  private static final Walk TO = new Walk(0, 4 * FEW, FEW);

  private Butterflies() {}

  static Hot<Butterfly> of(boolean vectors, Heat heat) {
    Butterfly vector = vectors && VectorButterfly.fits() ? new VectorButterfly() : null;
    Parts x = Parts.of(4 * TURNS * FEW);
    Parts y = Parts.of(4 * TURNS * FEW);
    Factors factors = Factors.of(new Roots(4 * TURNS * FEW), 1);
    return new Hot<>(new ScalarButterfly(), vector, way -> exercise(way, x, y, factors), heat);
  }

  private static void exercise(Butterfly way, Parts x, Parts y, Factors factors) {
    way.same(x, FROM, y, TO, TURNS, FEW, factors, 1);
    way.each(x, FROM, y, TO, TURNS, 1, FEW, factors, 0, FEW);
    way.each(x, FROM, y, TO, TURNS, 2, FEW / 2, factors, 0, FEW);
    way.two(x, FROM, y, TO, TURNS, FEW);
  }
}
