package dev.kiln.cpu.routine;

import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.util.Optional;

/** Sorting: by quicksort with vectors where they are hot, and by radix otherwise. */
final class SortRun implements RoutineExecutable {
  private final int axis;
  private final boolean places;
  private final SortOrder order;
  private final Hot<Optional<QuickSort>> quick;
  private final Crew crew;
  private final Memory memory;
  private final RadixSorting radix;

  /**
   * A way of sorting.
   *
   * @param places whether to tell where elements were, instead of the elements
   * @param quick for keys of the width that such elements have, with their places
   */
  SortRun(
      int axis,
      boolean places,
      SortOrder order,
      Hot<Optional<QuickSort>> quick,
      Crew crew,
      Memory memory) {
    this.axis = axis;
    this.places = places;
    this.order = order;
    this.quick = quick;
    this.crew = crew;
    this.memory = memory;
    this.radix = new RadixSorting(order, places, crew, memory);
  }

  @Override
  public String describe() {
    return "quicksort (" + quick.describe() + "), or radix sort";
  }

  @Override
  public void launch(RoutineLaunch launch) {
    Sequences sequences = Sequences.of(launch, axis);
    sorting(sequences.n()).sort(sequences);
  }

  private Sorting sorting(long n) {
    if (!QuickSorting.fits(order, places, n)) {
      return radix;
    }
    return quick
        .get()
        .<Sorting>map(
            sort -> {
              SignedKeys keys = new SignedKeys(order, places, sort.passes());
              return new QuickSorting(sort, keys, radix, crew, memory);
            })
        .orElse(radix);
  }
}
