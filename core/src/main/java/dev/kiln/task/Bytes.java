package dev.kiln.task;

import dev.kiln.NDArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How large a value is, as far as that can be told: arrays, and lists of them. */
final class Bytes {
  private Bytes() {}

  static long of(@Nullable Object value) {
    return switch (value) {
      case NDArray array -> {
        int each = array.dtype().bytes();
        yield array.size() > Long.MAX_VALUE / each ? Long.MAX_VALUE : array.size() * each;
      }
      case MemorySegment segment -> segment.byteSize();
      case double[] array -> 8L * array.length;
      case long[] array -> 8L * array.length;
      case float[] array -> 4L * array.length;
      case int[] array -> 4L * array.length;
      case short[] array -> 2L * array.length;
      case char[] array -> 2L * array.length;
      case byte[] array -> array.length;
      case boolean[] array -> array.length;
      case List<?> list -> list.stream().mapToLong(Bytes::of).sum();
      case null, default -> 0;
    };
  }
}
