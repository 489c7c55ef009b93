package dev.kiln.schedule;

import dev.kiln.Shape;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Routine;
import dev.kiln.lower.InPlace;

/** What a routine moves and computes, each element of an array counted once. */
final class RoutineCost {
  private RoutineCost() {}

  static Cost of(Step.Call call) {
    long bytes = 0;
    for (Node target : call.targets()) {
      bytes += bytes(target, target.shape().size());
    }
    for (InPlace input : call.inputs()) {
      bytes += bytes(input.value(), touched(input));
    }
    return new Cost(bytes, call.target().dtype().isFloat() ? flops(call) : 0);
  }

  private static long bytes(Node node, long elements) {
    return elements * node.dtype().bytes();
  }

  private static long touched(InPlace input) {
    long elements = 1;
    for (int axis = 0; axis < input.strides().size(); axis++) {
      elements *= input.strides().get(axis) == 0 ? 1 : input.value().shape().extent(axis);
    }
    return elements;
  }

  private static long flops(Step.Call call) {
    return switch (call.routine()) {
      case Routine.Cumulative cumulative -> call.target().shape().size();
      case Routine.RealFft fft -> {
        Shape x = call.inputs().getFirst().value().shape();
        double length = x.extent(x.rank() - 1);
        // The usual count of a transform of real numbers, whatever way it goes.
        yield (long) (2.5 * x.size() * Math.log(length) / Math.log(2));
      }
      case Routine.Sort sort -> 0;
      case Routine.ArgSort sort -> 0;
      case Routine.Foreign foreign -> 0; // nobody knows
      case Routine.MatMul matMul -> {
        Shape x = call.inputs().getFirst().value().shape();
        yield 2 * call.target().shape().size() * x.extent(x.rank() - 1);
      }
    };
  }
}
