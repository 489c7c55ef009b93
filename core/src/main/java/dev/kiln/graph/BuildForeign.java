package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import java.util.ArrayList;
import java.util.List;

/** Typed constructors of calls of users' own kernels. */
public final class BuildForeign {
  private BuildForeign() {}

  /**
   * The results of a kernel.
   *
   * @param inputs of the dtypes that the kernel's arguments name
   * @throws KilnException where it has no result, or work-items and results don't go together
   */
  public static List<Node> results(ForeignKernel kernel, List<Node> inputs) {
    List<ForeignKernel.Argument.Result> results = kernel.results();
    if (results.isEmpty()) {
      throw wrong(kernel, "has no result", "a kernel is launched for its results: declare one");
    }
    long empty = results.stream().filter(result -> result.shape().size() == 0).count();
    if (empty > 0 && empty < results.size()) {
      throw wrong(
          kernel,
          "has results without elements and others with some",
          "launch it for those that have some");
    }
    boolean idle = kernel.items().stream().anyMatch(items -> items == 0);
    if (idle && empty == 0) {
      throw wrong(
          kernel,
          "is launched over " + kernel.items() + ", which is no work-item",
          "nobody would write its results");
    }
    List<Node> nodes = new ArrayList<>();
    for (int k = 0; k < results.size(); k++) {
      ForeignKernel.Argument.Result result = results.get(k);
      if (result.dtype() == DType.BOOL || result.dtype().kind() == DType.Kind.COMPLEX) {
        throw wrong(
            kernel,
            "has a result of " + result.dtype(),
            result.dtype() == DType.BOOL
                ? "declare it uint8, and compare it with notEqual(0)"
                : "declare real and imaginary parts along an axis of their own");
      }
      nodes.add(result(kernel, k, inputs));
    }
    return nodes;
  }

  /** The other results that the launch gives which computes this one, in their order. */
  public static List<Node> others(Node call, Routine.Foreign foreign) {
    List<Node> others = new ArrayList<>();
    for (int k = 0; k < foreign.kernel().results().size(); k++) {
      if (k != foreign.result()) {
        others.add(result(foreign.kernel(), k, call.inputs()));
      }
    }
    return others;
  }

  private static Node result(ForeignKernel kernel, int k, List<Node> inputs) {
    ForeignKernel.Argument.Result result = kernel.results().get(k);
    return Node.of(
        new Op.Call(new Routine.Foreign(kernel, k)), inputs, result.dtype(), result.shape());
  }

  private static KilnException wrong(ForeignKernel kernel, String what, String cure) {
    return new KilnException("the kernel '" + kernel.name() + "' " + what + "; " + cure);
  }
}
