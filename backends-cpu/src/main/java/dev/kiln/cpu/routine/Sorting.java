package dev.kiln.cpu.routine;

/** A way of sorting sequences. */
interface Sorting {
  /** Sorts all, or tells where their elements were; those with equal keys stay in their order. */
  void sort(Sequences sequences);
}
