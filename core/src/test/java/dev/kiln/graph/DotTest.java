package dev.kiln.graph;

import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.reduce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.kernel.ReduceOp;
import java.util.List;
import org.junit.jupiter.api.Test;

class DotTest {
  @Test
  void boxesAndArrows() {
    Node x = floats(1, 2);
    Node product = map(ElementOp.MULTIPLY, x, x);
    assertThat(Dot.of(List.of(reduce(ReduceOp.SUM, product, 0))))
        .isEqualTo(
            """
            digraph kiln {
              node [shape=box, style=filled, fontname="sans-serif"];
              n0 [label="source\\nfloat32(2,)", fillcolor="#cfe8cf"];
              n1 [label="multiply\\nfloat32(2,)", fillcolor="#cfdff5"];
              n0 -> n1 [label="0"];
              n0 -> n1 [label="1"];
              n2 [label="sum, axes 0\\nfloat32()", fillcolor="#f3cfe0", peripheries=2];
              n1 -> n2;
            }
            """);
  }
}
