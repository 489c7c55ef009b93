package dev.kiln.opencl;

import dev.kiln.kernel.Kernel;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A launch cut into pieces, each of which touches little of the arrays: points of stores in
 * row-major order; of reductions sequences, or blocks of all sequences. Blocks stay those of the
 * whole launch, so the bits do.
 */
final class Cut {
  private static final long MOST_PIECES = 1 << 12;

  /** The first piece's copies to the device and the last one's from it have nothing beside them. */
  private static final long FEWEST_PIECES = 8;

  private final Kernel kernel;
  private final Launch launch;
  private final Geometry geometry;

  /** Bytes of an array, from the first to the last that a piece touches. */
  record Span(long first, long bytes) {
    private Span with(Span other) {
      long from = Math.min(first, other.first);
      return new Span(from, Math.max(first + bytes, other.first + other.bytes) - from);
    }
  }

  /**
   * A piece: some units, of some blocks of each sequence.
   *
   * @param begin its first unit
   * @param end the unit after its last
   * @param firstBlock of reductions, the first block of each sequence
   * @param blocks of reductions, how many of each sequence
   * @param points that it stores, or sequences that it has a part in
   * @param spans what it touches of each array; nothing is said of a launch that is not cut
   */
  record Piece(
      long begin, long end, long firstBlock, long blocks, long points, Map<Buffer, Span> spans) {
    Piece {
      spans = Map.copyOf(spans);
    }

    /** A whole launch, of so many units. */
    static Piece whole(Geometry geometry, long units) {
      return new Piece(0, units, 0, geometry.unitsOfRow(), 0, Map.of());
    }
  }

  private Cut(Kernel kernel, Launch launch, Geometry geometry) {
    this.kernel = kernel;
    this.launch = launch;
    this.geometry = geometry;
  }

  /**
   * A launch in pieces.
   *
   * @param slices the bytes of each slice of an array, two where they take turns
   */
  record Pieces(List<Piece> pieces, Map<Buffer, List<Long>> slices) {
    Pieces {
      pieces = List.copyOf(pieces);
      slices = Map.copyOf(slices);
    }
  }

  /**
   * The fewest pieces, doubling their number, whose slices fit; empty where no number will do. An
   * array of which each piece has another part gets two slices, or one where that is all there is
   * room for.
   *
   * @param room bytes that all slices may take together
   * @param largest bytes that one may take
   */
  static Optional<Pieces> of(
      Kernel kernel, Launch launch, Geometry geometry, long room, long largest) {
    Cut cut = new Cut(kernel, launch, geometry);
    return cut.of(room, largest, 2).or(() -> cut.of(room, largest, 1));
  }

  private Optional<Pieces> of(long room, long largest, int turns) {
    if (!kernel.reduces()) {
      return search(geometry.units(), this::units, room, largest, turns);
    }
    return search(geometry.rows(), this::rows, room, largest, turns)
        .or(() -> search(geometry.unitsOfRow(), this::blocks, room, largest, turns));
  }

  private interface Maker {
    Piece of(long from, long to);
  }

  private Optional<Pieces> search(long count, Maker maker, long room, long largest, int turns) {
    long most = Math.min(count, MOST_PIECES);
    for (long pieces = Math.min(most, FEWEST_PIECES); pieces < 2 * most; pieces *= 2) {
      List<Piece> made = new ArrayList<>();
      long size = (count + Math.min(pieces, most) - 1) / Math.min(pieces, most);
      for (long from = 0; from < count; from += size) {
        made.add(maker.of(from, Math.min(count, from + size)));
      }
      Map<Buffer, List<Long>> slices = slices(made, turns);
      List<Long> sizes = slices.values().stream().flatMap(List::stream).toList();
      long all = sizes.stream().mapToLong(Long::longValue).sum();
      if (all <= room && sizes.stream().allMatch(bytes -> bytes <= largest)) {
        return Optional.of(new Pieces(made, slices));
      }
    }
    return Optional.empty();
  }

  /** What slices take of each array: those that stay have one. */
  private static Map<Buffer, List<Long>> slices(List<Piece> pieces, int turns) {
    Map<Buffer, List<Long>> slices = new HashMap<>();
    for (Buffer buffer : pieces.getFirst().spans.keySet()) {
      List<Span> spans = pieces.stream().map(piece -> piece.spans.get(buffer)).distinct().toList();
      long bytes = spans.stream().mapToLong(Span::bytes).max().orElseThrow();
      slices.put(buffer, Collections.nCopies(spans.size() == 1 ? 1 : turns, bytes));
    }
    return slices;
  }

  private Piece units(long from, long to) {
    Range points = new Range(0, kernel.rank(), point(from), point(to) - 1);
    return new Piece(from, to, 0, geometry.unitsOfRow(), point(to) - point(from), spans(points));
  }

  private long point(long unit) {
    long row = unit / geometry.unitsOfRow();
    long strips = unit - row * geometry.unitsOfRow();
    return row * geometry.inner() + strips * geometry.strip();
  }

  private Piece rows(long from, long to) {
    long blocks = geometry.unitsOfRow();
    Range rows = new Range(0, kernel.keptRank(), from, to - 1);
    return new Piece(from * blocks, to * blocks, 0, blocks, geometry.rows(), spans(rows));
  }

  private Piece blocks(long from, long to) {
    long last = Math.min(geometry.inner(), to * geometry.strip()) - 1;
    Range points = new Range(kernel.keptRank(), kernel.rank(), from * geometry.strip(), last);
    return new Piece(
        0, geometry.rows() * (to - from), from, to - from, geometry.rows(), spans(points));
  }

  private Map<Buffer, Span> spans(Range range) {
    Map<Buffer, Span> spans = new HashMap<>();
    for (int k = 0; k < launch.operands().size(); k++) {
      Launch.Access access = launch.operands().get(k);
      Buffer buffer = access.buffer();
      if (buffer != null) {
        Span span = range.of(access, launch.extents(), kernel.operands().get(k).dtype().bytes());
        spans.merge(buffer, span, Span::with);
      }
    }
    // Results of reductions are few, and combined at the end: they stay whole.
    Range written = kernel.reduces() ? Range.ALL : range;
    for (int o = 0; o < launch.outputs().size(); o++) {
      Launch.Access access = launch.outputs().get(o);
      int bytes = kernel.outputs().get(o).dtype().bytes();
      spans.merge(
          LaunchRun.buffer(access), written.of(access, launch.extents(), bytes), Span::with);
    }
    return spans;
  }

  /**
   * Points of a loop nest: of some dimensions those between two row-major numbers, of the others
   * all.
   *
   * @param from the first of those dimensions
   * @param to the dimension after the last
   */
  private record Range(int from, int to, long first, long last) {
    static final Range ALL = new Range(0, 0, 0, 0);

    /** What an access touches. */
    Span of(Launch.Access access, List<Long> extents, int elementBytes) {
      long lowest = access.offset();
      long highest = access.offset();
      long start = first;
      long end = last;
      boolean split = false;
      for (int d = 0; d < access.strides().size(); d++) {
        long a = 0;
        long b = extents.get(d) - 1;
        if (d >= from && d < to && !split) {
          long rest = extents.subList(d + 1, to).stream().reduce(1L, (x, y) -> x * y);
          a = start / rest;
          b = end / rest;
          start -= a * rest;
          end -= b * rest;
          split = a != b;
        }
        long stride = access.strides().get(d);
        lowest += Math.min(a * stride, b * stride);
        highest += Math.max(a * stride, b * stride);
      }
      return new Span(lowest * elementBytes, (highest - lowest + 1) * elementBytes);
    }
  }
}
