package dev.kiln.task;

import dev.kiln.KilnException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Combines values as the leaves of one tree, whatever order they come in: neighbours in pairs, then
 * neighbouring pairs, and so on. What is left over at the end, when the number of leaves is no
 * power of two, is combined from the right. So the result depends on values and their number alone.
 */
final class Tree<R> {
  private final BinaryOperator<R> combine;

  /** Values whose neighbour has not come yet. */
  private final Map<Place, R> waiting = new ConcurrentHashMap<>();

  /** The {@code number}-th of the subtrees of 2^{@code level} leaves. */
  private record Place(int level, long number) {}

  Tree(BinaryOperator<R> combine) {
    this.combine = combine;
  }

  /** Adds a leaf, and combines what that completes. */
  void add(long leaf, @Nullable R value) {
    R sum = checked(value, leaf);
    long number = leaf;
    for (int level = 0; ; level++) {
      Place pair = new Place(level, number >> 1);
      R other = waiting.putIfAbsent(pair, sum);
      if (other == null) {
        return;
      }
      waiting.remove(pair);
      sum =
          checked((number & 1) == 0 ? combine.apply(sum, other) : combine.apply(other, sum), leaf);
      number >>= 1;
    }
  }

  /** The result once all have been added; empty if there was none. */
  Optional<R> result(long leaves) {
    Deque<R> subtrees = new ArrayDeque<>();
    for (int level = Long.SIZE - 2; level >= 0; level--) {
      // The subtree that is complete but has no neighbour to its right.
      if ((leaves >> level & 1) == 1) {
        R subtree = waiting.get(new Place(level, (leaves >> level) >> 1));
        if (subtree == null) {
          throw new AssertionError("no subtree of level " + level + " of " + leaves + " leaves");
        }
        subtrees.push(subtree);
      }
    }
    if (subtrees.isEmpty()) {
      return Optional.empty();
    }
    R sum = subtrees.pop();
    while (!subtrees.isEmpty()) {
      sum = checked(combine.apply(subtrees.pop(), sum), leaves);
    }
    return Optional.of(sum);
  }

  private static <R> R checked(@Nullable R value, long leaf) {
    if (value == null) {
      throw new KilnException(
          "reduce: null at input " + leaf + "; a value to be combined cannot be null");
    }
    return value;
  }
}
