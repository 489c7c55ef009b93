package dev.kiln.task;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes iterables of what is none, for {@link Parallel}. */
public final class Inputs {
  private Inputs() {}

  /** The elements of a stream, pulled when they are needed. It can be gone through once. */
  @SuppressWarnings("StreamToIterable") // Once is what a call needs, and what is promised.
  public static <T extends @Nullable Object> Iterable<T> of(Stream<T> stream) {
    return stream::iterator;
  }

  /** The elements of an array, not copied. */
  public static <T extends @Nullable Object> Iterable<T> of(T[] array) {
    return Arrays.asList(array);
  }

  /** The integers from {@code from} to {@code to}, which is not among them. */
  public static Iterable<Integer> range(int from, int to) {
    return new Range(from, to);
  }

  /** How many there are, or −1 where nobody knows before all were pulled. */
  static long count(Iterable<?> inputs) {
    return switch (inputs) {
      case Collection<?> collection -> collection.size();
      case Range range -> Math.max(0, (long) range.to - range.from);
      default -> -1;
    };
  }

  private record Range(int from, int to) implements Iterable<Integer> {
    @Override
    public Iterator<Integer> iterator() {
      return new Iterator<>() {
        private int next = from;

        @Override
        public boolean hasNext() {
          return next < to;
        }

        @Override
        public Integer next() {
          if (next >= to) {
            throw new NoSuchElementException();
          }
          return next++;
        }
      };
    }
  }
}
