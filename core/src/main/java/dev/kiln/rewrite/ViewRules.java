package dev.kiln.rewrite;

import dev.kiln.Shape;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Views become as few as possible and come in one order: slices first, permutations on them, then
 * broadcasts. Views of computed values stay where they are; lowering reads through them.
 */
final class ViewRules {
  private ViewRules() {}

  static final List<Rule> ALL =
      List.of(
          Rule.any("any array without elements -> a constant without elements", ViewRules::empty),
          Rule.any("view of a constant -> constant", ViewRules::ofConstant),
          Rule.any("slice of one element -> step 1", ViewRules::unitStep),
          Rule.any("view that changes nothing -> x", ViewRules::identity),
          Rule.any("broadcast that only adds axes -> reshape", ViewRules::broadcastAsReshape),
          Rule.any(
              "permutation that only moves axes of extent 1 -> reshape",
              ViewRules::permuteAsReshape),
          Rule.any("reshape(reshape(x)) -> reshape(x)", ViewRules::reshapeReshape),
          Rule.any("broadcast(broadcast(x)) -> broadcast(x)", ViewRules::broadcastBroadcast),
          Rule.any(
              "broadcast(reshape that adds leading axes(x)) -> broadcast(x)",
              ViewRules::broadcastReshape),
          Rule.any("permute(permute(x)) -> permute(x)", ViewRules::permutePermute),
          Rule.any("slice(slice(x)) -> slice(x)", ViewRules::sliceSlice),
          Rule.any("slice(permute(x)) -> permute(slice(x))", ViewRules::slicePermute),
          Rule.any("slice(broadcast(x)) -> broadcast(slice(x))", ViewRules::sliceBroadcast),
          Rule.any("slice(squeeze(x)) -> squeeze(slice(x))", ViewRules::sliceSqueeze));

  private static @Nullable Node empty(Node node) {
    if (node.shape().size() > 0 || node.op() instanceof Op.Source) {
      return null;
    }
    Node constant = Make.constant(node.dtype(), node.shape(), 0);
    return constant == node ? null : constant;
  }

  private static @Nullable Node ofConstant(Node node) {
    boolean already = Match.isConstant(node) && node.shape().rank() > 0;
    return node.op().isView() && !already && Match.isConstant(node.input(0))
        ? Make.constant(node.dtype(), node.shape(), Match.bits(node.input(0)))
        : null;
  }

  private static @Nullable Node unitStep(Node node) {
    if (!(node.op() instanceof Op.Slice slice)) {
      return null;
    }
    List<Long> steps = unitSteps(slice.steps(), node.shape());
    return steps.equals(slice.steps())
        ? null
        : Make.slice(node.input(0), slice.starts(), steps, node.shape());
  }

  /** The steps, 1 wherever nothing is stepped over. */
  private static List<Long> unitSteps(List<Long> steps, Shape shape) {
    List<Long> unit = new ArrayList<>(steps);
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.extent(axis) <= 1) {
        unit.set(axis, 1L);
      }
    }
    return unit;
  }

  private static @Nullable Node identity(Node node) {
    if (!node.op().isView() || !node.shape().equals(node.input(0).shape())) {
      return null;
    }
    boolean same =
        switch (node.op()) {
          case Op.Broadcast broadcast -> true;
          case Op.Reshape reshape -> true;
          case Op.Permute permute -> inOrder(permute.axes());
          case Op.Slice slice ->
              slice.starts().stream().allMatch(start -> start == 0)
                  && slice.steps().stream().allMatch(step -> step == 1);
          case Op.Source leaf -> throw new AssertionError(leaf);
          case Op.Scalar leaf -> throw new AssertionError(leaf);
          case Op.Iota leaf -> throw new AssertionError(leaf);
          case Op.Map map -> throw new AssertionError(map);
          case Op.Concat concat -> throw new AssertionError(concat);
          case Op.Reduce reduce -> throw new AssertionError(reduce);
          case Op.Call call -> throw new AssertionError(call);
        };
    return same ? node.input(0) : null;
  }

  private static boolean inOrder(List<Integer> axes) {
    for (int k = 1; k < axes.size(); k++) {
      if (axes.get(k - 1) > axes.get(k)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Node broadcastAsReshape(Node node) {
    return node.op() instanceof Op.Broadcast
            && !Match.isConstant(node)
            && node.shape().size() == node.input(0).shape().size()
        ? Make.reshape(node.input(0), node.shape())
        : null;
  }

  private static @Nullable Node permuteAsReshape(Node node) {
    if (!(node.op() instanceof Op.Permute permute)) {
      return null;
    }
    Shape from = node.input(0).shape();
    List<Integer> moved = permute.axes().stream().filter(axis -> from.extent(axis) != 1).toList();
    return inOrder(moved) ? Make.reshape(node.input(0), node.shape()) : null;
  }

  private static @Nullable Node reshapeReshape(Node node) {
    return node.op() instanceof Op.Reshape && node.input(0).op() instanceof Op.Reshape
        ? Make.reshape(node.input(0).input(0), node.shape())
        : null;
  }

  private static @Nullable Node broadcastBroadcast(Node node) {
    return node.op() instanceof Op.Broadcast && node.input(0).op() instanceof Op.Broadcast
        ? Make.broadcast(node.input(0).input(0), node.shape())
        : null;
  }

  private static @Nullable Node broadcastReshape(Node node) {
    if (!(node.op() instanceof Op.Broadcast) || !(node.input(0).op() instanceof Op.Reshape)) {
      return null;
    }
    Node x = node.input(0).input(0);
    long[] from = x.shape().toArray();
    long[] to = node.input(0).shape().toArray();
    int added = to.length - from.length;
    return added > 0 && Arrays.equals(from, Arrays.copyOfRange(to, added, to.length))
        ? Make.broadcast(x, node.shape())
        : null;
  }

  private static @Nullable Node permutePermute(Node node) {
    if (!(node.op() instanceof Op.Permute outer)
        || !(node.input(0).op() instanceof Op.Permute inner)) {
      return null;
    }
    List<Integer> axes = outer.axes().stream().map(inner.axes()::get).toList();
    return Make.permute(node.input(0).input(0), axes);
  }

  private static @Nullable Node sliceSlice(Node node) {
    if (!(node.op() instanceof Op.Slice outer) || !(node.input(0).op() instanceof Op.Slice inner)) {
      return null;
    }
    // Steps that move nothing may be huge; they are 1 before they are multiplied.
    List<Long> outerSteps = unitSteps(outer.steps(), node.shape());
    List<Long> starts = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int axis = 0; axis < node.shape().rank(); axis++) {
      long step = inner.steps().get(axis);
      starts.add(inner.starts().get(axis) + outer.starts().get(axis) * step);
      steps.add(node.shape().extent(axis) <= 1 ? 1 : outerSteps.get(axis) * step);
    }
    return Make.slice(node.input(0).input(0), starts, steps, node.shape());
  }

  private static @Nullable Node slicePermute(Node node) {
    if (!(node.op() instanceof Op.Slice slice)
        || !(node.input(0).op() instanceof Op.Permute permute)) {
      return null;
    }
    Part part = new Part(node.input(0).input(0).shape());
    for (int axis = 0; axis < permute.axes().size(); axis++) {
      part.take(permute.axes().get(axis), slice, axis, node.shape());
    }
    return Make.permute(part.of(node.input(0).input(0)), permute.axes());
  }

  private static @Nullable Node sliceBroadcast(Node node) {
    if (!(node.op() instanceof Op.Slice slice) || !(node.input(0).op() instanceof Op.Broadcast)) {
      return null;
    }
    Node x = node.input(0).input(0);
    int added = node.shape().rank() - x.shape().rank();
    Part part = new Part(x.shape());
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      if (x.shape().extent(axis) != 1) {
        part.take(axis, slice, axis + added, node.shape());
      }
    }
    return Make.broadcast(part.of(x), node.shape());
  }

  /** Also of a reshape that adds axes of extent 1, or both. */
  private static @Nullable Node sliceSqueeze(Node node) {
    if (!(node.op() instanceof Op.Slice slice) || !(node.input(0).op() instanceof Op.Reshape)) {
      return null;
    }
    Node x = node.input(0).input(0);
    List<Integer> from = longAxes(x.shape());
    List<Integer> to = longAxes(node.input(0).shape());
    if (from.size() != to.size()) {
      return null;
    }
    Part part = new Part(x.shape());
    for (int k = 0; k < from.size(); k++) {
      if (x.shape().extent(from.get(k)) != node.input(0).shape().extent(to.get(k))) {
        return null;
      }
      part.take(from.get(k), slice, to.get(k), node.shape());
    }
    return Make.reshape(part.of(x), node.shape());
  }

  private static List<Integer> longAxes(Shape shape) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.extent(axis) != 1) {
        axes.add(axis);
      }
    }
    return axes;
  }

  /**
   * A slice in the making: all of an array, until an axis takes over what another slice does to
   * one.
   */
  private static final class Part {
    private final Long[] starts;
    private final Long[] steps;
    private final long[] extents;

    Part(Shape whole) {
      extents = whole.toArray();
      starts = new Long[extents.length];
      steps = new Long[extents.length];
      Arrays.fill(starts, 0L);
      Arrays.fill(steps, 1L);
    }

    void take(int axis, Op.Slice slice, int sliceAxis, Shape sliced) {
      starts[axis] = slice.starts().get(sliceAxis);
      steps[axis] = slice.steps().get(sliceAxis);
      extents[axis] = sliced.extent(sliceAxis);
    }

    Node of(Node x) {
      return Make.slice(x, List.of(starts), List.of(steps), Shape.of(extents));
    }
  }
}
