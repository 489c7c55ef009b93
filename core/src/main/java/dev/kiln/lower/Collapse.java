package dev.kiln.lower;

import java.util.ArrayList;
import java.util.List;

/**
 * Merges neighbouring loop dimensions wherever every access steps through them as through one, and
 * drops those of extent 1. A dense element-wise kernel ends with a single loop.
 */
final class Collapse {
  final List<Long> extents = new ArrayList<>();
  final List<List<Long>> strides = new ArrayList<>();
  final int keptRank;

  /**
   * Collapses.
   *
   * @param accesses strides of every access over all dimensions (an output of a reduction has 0 for
   *     the reduced ones)
   */
  Collapse(List<Long> loopExtents, int loopKeptRank, List<long[]> accesses) {
    for (int k = 0; k < accesses.size(); k++) {
      strides.add(new ArrayList<>());
    }
    int kept = 0;
    for (int d = 0; d < loopExtents.size(); d++) {
      if (d == loopKeptRank) {
        kept = extents.size();
      }
      boolean first = d < loopKeptRank ? extents.isEmpty() : extents.size() == kept;
      long extent = loopExtents.get(d);
      if (extent == 1) {
        continue;
      }
      if (!first && mergesWithLast(d, extent, accesses)) {
        mergeIntoLast(d, extent, accesses);
      } else {
        append(d, extent, accesses);
      }
    }
    if (loopKeptRank >= loopExtents.size()) {
      kept = extents.size();
      if (kept == 0) {
        appendUnit();
        kept = 1;
      }
    } else if (extents.size() == kept) {
      appendUnit();
    }
    keptRank = kept;
  }

  private boolean mergesWithLast(int d, long extent, List<long[]> accesses) {
    for (int k = 0; k < accesses.size(); k++) {
      if (strides.get(k).getLast() != accesses.get(k)[d] * extent) {
        return false;
      }
    }
    return true;
  }

  private void mergeIntoLast(int d, long extent, List<long[]> accesses) {
    extents.set(extents.size() - 1, extents.getLast() * extent);
    for (int k = 0; k < accesses.size(); k++) {
      strides.get(k).set(extents.size() - 1, accesses.get(k)[d]);
    }
  }

  private void append(int d, long extent, List<long[]> accesses) {
    extents.add(extent);
    for (int k = 0; k < accesses.size(); k++) {
      strides.get(k).add(accesses.get(k)[d]);
    }
  }

  private void appendUnit() {
    extents.add(1L);
    for (List<Long> access : strides) {
      access.add(0L);
    }
  }
}
