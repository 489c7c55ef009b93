package dev.kiln.cpu.routine;

import dev.kiln.kernel.Fourier.Parts;

/**
 * The innermost loops of a Fourier transform: butterflies of {@link dev.kiln.kernel.Fourier},
 * operation by operation, of many transforms side by side. A run of numbers are those of as many
 * transforms; four of them, or two, are taken and given at a time.
 */
interface Butterfly {
  /** What {@link #lanes} is at most, and divides. */
  int MOST_LANES = 8;

  /**
   * Where runs lie.
   *
   * @param at the first part of the first run
   * @param step from one turn's first part to the next one's
   * @param apart from one part of a turn to its next
   */
  record Walk(int at, int step, int apart) {}

  /** What lengths of runs are multiples of. */
  int lanes();

  /**
   * Butterflies of four whose factors are the same all over a run.
   *
   * @param count the length of a run
   * @param next from one turn's factors to the next one's: 0 or 1
   */
  void same(Parts x, Walk from, Parts y, Walk to, int turns, int count, Factors factors, int next);

  /**
   * Butterflies of four where each number of a run has its own factors. A turn has several runs
   * with these, one behind the other.
   *
   * @param runs of a turn
   * @param count the length of a run
   * @param first the factors of the first turn's first number
   * @param next from one turn's factors to the next one's
   */
  void each(
      Parts x,
      Walk from,
      Parts y,
      Walk to,
      int turns,
      int runs,
      int count,
      Factors factors,
      int first,
      int next);

  /** Butterflies of two, which have no factors. */
  void two(Parts x, Walk from, Parts y, Walk to, int turns, int count);
}
