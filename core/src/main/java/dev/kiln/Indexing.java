package dev.kiln;

import dev.kiln.graph.BuildViews;
import dev.kiln.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Turns an index into views: one slice, then one reshape for the axes that go and come. */
final class Indexing {
  private Indexing() {}

  static Node get(Node x, Slice... index) {
    Shape from = x.shape();
    List<Slice> pieces = complete(from, index);
    long[] starts = new long[from.rank()];
    long[] steps = new long[from.rank()];
    long[] extents = new long[from.rank()];
    List<Long> left = new ArrayList<>();
    int axis = 0;
    for (Slice piece : pieces) {
      switch (piece) {
        case Slice.Range range -> {
          long n = from.extent(axis);
          starts[axis] = range.first(n);
          steps[axis] = range.step();
          extents[axis] = range.count(n);
          left.add(extents[axis++]);
        }
        case Slice.At at -> {
          starts[axis] = BuildViews.place(from, axis, at.index());
          steps[axis] = 1;
          extents[axis++] = 1;
        }
        case Slice.NewAxis added -> left.add(1L);
        case Slice.Ellipsis none -> throw new AssertionError("an ellipsis that was not expanded");
      }
    }
    Node part = BuildViews.slice(x, starts, steps, extents);
    return BuildViews.reshape(part, Shape.of(left.stream().mapToLong(Long::longValue).toArray()));
  }

  /** The index with a range or place for each axis. */
  private static List<Slice> complete(Shape shape, Slice... index) {
    int given = 0;
    int ellipses = 0;
    for (Slice piece : index) {
      switch (piece) {
        case Slice.Range range -> given++;
        case Slice.At at -> given++;
        case Slice.Ellipsis ellipsis -> ellipses++;
        case Slice.NewAxis added -> {
          // Takes no axis.
        }
      }
    }
    if (given > shape.rank()) {
      throw new KilnException(
          "an index of "
              + given
              + " axes for shape "
              + shape
              + ", which has "
              + shape.rank()
              + "; leave some out");
    }
    if (ellipses > 1) {
      throw new KilnException("an index has more than one ellipsis; keep one of them");
    }
    List<Slice> pieces = new ArrayList<>(Arrays.asList(index));
    int open = pieces.indexOf(Slice.ellipsis());
    if (open >= 0) {
      pieces.remove(open);
    } else {
      open = pieces.size();
    }
    pieces.addAll(open, Collections.nCopies(shape.rank() - given, Slice.all()));
    return pieces;
  }
}
