package dev.kiln.contract;

import dev.kiln.graph.Node;
import dev.kiln.spi.Buffer;
import java.util.List;

/** Computes graphs in the way that is under test. */
@FunctionalInterface
public interface GraphEvaluator {
  /** The roots' elements, each root in a dense row-major buffer. */
  List<Buffer> evaluate(List<Node> roots);
}
