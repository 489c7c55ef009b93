package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Sorting a long sequence on all workers by {@link QuickSort}, in the cache. Pivots come from a
 * sorted sample. Each worker takes pieces of the sequence and splits them by all pivots, into
 * fragments; then each takes buckets, the fragments between two pivots from all pieces, and sorts
 * them. Memory is read twice and written twice.
 *
 * <p>A pivot that the sample has more than once is followed by the next larger key, so that keys
 * which are very frequent get a bucket of their own, where nothing is left to do.
 */
final class SampleSort {
  /** Records of the sample for each bucket; a bucket is seldom more than half too large then. */
  private static final int SAMPLES = 32;

  /** How many times the usual size a bucket may have. */
  private static final int UNEVEN = 3;

  private final QuickSort sort;
  private final SignedKeys keys;
  private final Crew crew;
  private final Layout layout;

  /**
   * How a sequence is cut.
   *
   * @param n keys of the sequence
   * @param piece keys of a piece
   * @param buckets about how many
   * @param most keys that a worker has room for
   */
  record Layout(long n, long piece, int buckets, long most) {
    /** Bytes of a piece, and of twice a bucket: what a worker moves to and fro in its own cache. */
    private static final long USUAL_BYTES = 1 << 18;

    /** Buckets for each worker at least, so that all have about as much to do. */
    private static final int EACH = 8;

    /** Beyond that, fragments become short. */
    private static final int MOST_BUCKETS = 128;

    static Layout usual(long n, int workers, int bytes) {
      return of(n, workers, USUAL_BYTES / bytes);
    }

    static Layout of(long n, int workers, long usualPiece) {
      long least = (long) EACH * workers;
      long piece = Math.clamp(n / least, usualPiece / 16, usualPiece);
      long wanted = Math.max(least, Math.min(2 * n / usualPiece, MOST_BUCKETS));
      int buckets = (int) Math.clamp(wanted, 1, piece / SAMPLES);
      return new Layout(n, piece, buckets, Math.max(piece, UNEVEN * n / buckets));
    }

    int samples() {
      return buckets * SAMPLES;
    }

    /** The place of a key of the sample: not at even distances, as a pattern in the keys may be. */
    long sample(int number) {
      long each = n / samples();
      return each * number + Math.floorMod((number * 0x9E37_79B9_7F4A_7C15L) >>> 32, each);
    }

    long pieces() {
      return Math.ceilDiv(n, piece);
    }

    long size(long number) {
      return Math.min(piece, n - number * piece);
    }
  }

  SampleSort(QuickSort sort, SignedKeys keys, Crew crew, Layout layout) {
    this.sort = sort;
    this.keys = keys;
    this.crew = crew;
    this.layout = layout;
  }

  /** Bytes of scratch memory. */
  long scratch() {
    return layout.n * bytes() + crew.count() * QuickSort.Room.bytes(layout.most, bytes());
  }

  /**
   * Sorts a sequence, unless the sample was so misleading that a bucket is too large.
   *
   * @return whether it is done
   */
  boolean run(long x, long stride, long out, long outStride, long scratch) {
    long[] bounds = bounds(x, stride, room(scratch, 0));
    // Where fragments begin, as a number within all pieces one after the other.
    long[][] fragments = new long[(int) layout.pieces()][];
    crew.forEach(
        layout.pieces(),
        (piece, worker) -> {
          long first = piece * layout.piece;
          QuickSort.Room room = room(scratch, worker);
          keys.encode(x, stride, first, layout.size(piece), room.data());
          Splitting splitting = new Splitting(bounds, scratch, first);
          fragments[(int) piece] = splitting.of(room, layout.size(piece));
        });
    long[] firsts = firsts(fragments, bounds.length);
    for (int bucket = 0; bucket < bounds.length; bucket++) {
      if (firsts[bucket + 1] - firsts[bucket] > layout.most && !isOneKey(bounds, bucket)) {
        return false;
      }
    }
    crew.forEach(
        bounds.length,
        (number, worker) -> {
          int bucket = (int) number;
          long count = firsts[bucket + 1] - firsts[bucket];
          long to = out + firsts[bucket] * outStride;
          QuickSort.Room room = room(scratch, worker);
          if (isOneKey(bounds, bucket)) {
            repeat(bounds[bucket], count, room, to, outStride);
          } else {
            gather(fragments, bucket, scratch, room.data());
            sort.sort(room, count, bounds[bucket], greatest(bounds, bucket));
            keys.decode(room.out(), count, to, outStride);
          }
        });
    return true;
  }

  /** The least key of each bucket. */
  private long[] bounds(long x, long stride, QuickSort.Room room) {
    int count = layout.samples();
    for (int i = 0; i < count; i++) {
      keys.encode(x, stride, layout.sample(i), 1, room.data() + (long) i * bytes());
    }
    sort.sort(room, count, keys.passes().least(), keys.passes().greatest());
    long[] bounds = new long[layout.buckets + 1];
    bounds[0] = keys.passes().least();
    int last = 0;
    for (int bucket = 1; bucket < layout.buckets; bucket++) {
      long key = keys.key(room.out() + (long) bucket * SAMPLES * bytes());
      if (key > bounds[last]) {
        bounds[++last] = key;
      } else if (key == bounds[last] && key < keys.passes().greatest()) {
        bounds[++last] = key + 1;
      }
    }
    return Arrays.copyOf(bounds, last + 1);
  }

  /** The number of the first key of each bucket, and of all keys. */
  private static long[] firsts(long[][] fragments, int buckets) {
    long[] firsts = new long[buckets + 1];
    for (int bucket = 0; bucket < buckets; bucket++) {
      long size = 0;
      for (long[] starts : fragments) {
        size += starts[bucket + 1] - starts[bucket];
      }
      firsts[bucket + 1] = firsts[bucket] + size;
    }
    return firsts;
  }

  private long greatest(long[] bounds, int bucket) {
    return bucket + 1 < bounds.length ? bounds[bucket + 1] - 1 : keys.passes().greatest();
  }

  private boolean isOneKey(long[] bounds, int bucket) {
    return bounds[bucket] == greatest(bounds, bucket);
  }

  private void gather(long[][] fragments, int bucket, long scratch, long to) {
    long at = to;
    for (long[] starts : fragments) {
      long length = (starts[bucket + 1] - starts[bucket]) * bytes();
      MemorySegment.copy(Raw.ALL, scratch + starts[bucket] * bytes(), Raw.ALL, at, length);
      at += length;
    }
  }

  /** Stores a key's element many times, through room for some of them. */
  private void repeat(long key, long count, QuickSort.Room room, long out, long stride) {
    for (long first = 0; first < count; first += layout.piece) {
      long length = Math.min(layout.piece, count - first);
      sort.sort(room, length, key, key);
      keys.decode(room.out(), length, out + first * stride, stride);
    }
  }

  /** Room of a worker's own. */
  private QuickSort.Room room(long scratch, int worker) {
    long each = QuickSort.Room.bytes(layout.most, bytes());
    long address = scratch + layout.n * bytes() + worker * each;
    return QuickSort.Room.at(address, layout.most, bytes());
  }

  private int bytes() {
    return keys.passes().bytes();
  }

  /** The splitting of a piece into fragments, one for each bucket, in the order of buckets. */
  private final class Splitting {
    private final long[] bounds;
    private final long scratch;
    private final long[] starts;
    private long at;

    /** Fragments go to scratch memory, from the place of that number on. */
    Splitting(long[] bounds, long scratch, long first) {
      this.bounds = bounds;
      this.scratch = scratch;
      this.starts = new long[bounds.length + 1];
      this.at = first;
    }

    /** Where fragments begin, and where the last one ends. */
    long[] of(QuickSort.Room room, long n) {
      split(room.data(), n, room.spare(), 0, bounds.length);
      starts[bounds.length] = at;
      return starts;
    }

    private void split(long data, long n, long spare, int from, int to) {
      if (to - from == 1) {
        starts[from] = at;
        MemorySegment.copy(Raw.ALL, data, Raw.ALL, scratch + at * bytes(), n * bytes());
        at += n;
        return;
      }
      int middle = (from + to) >>> 1;
      long below = sort.split(data, n, spare, bounds[middle]);
      split(data, below, spare + (n - below) * bytes(), from, middle);
      split(spare, n - below, data + below * bytes(), middle, to);
    }
  }
}
