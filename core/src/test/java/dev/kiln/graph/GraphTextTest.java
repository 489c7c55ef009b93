package dev.kiln.graph;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.scalar;
import static dev.kiln.contract.TestGraphs.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTextTest {
  @Test
  void everyKindOfNode() {
    Node a = floats(1, 2, 3, 4, 5, 6);
    Node b = floats(1);
    Node matrix = reshape(a, 2, 3);
    Node two = scalar(DType.FLOAT32, Bits.of(2f));
    Node product = map(ElementOp.MULTIPLY, permute(matrix, 1, 0), two);
    Node part = slice(product, new long[] {2, 0}, new long[] {-1, 1}, new long[] {3, 1});
    Node joined = concat(1, part, product, broadcast(b, Shape.of(3, 1)));
    Node sum = reduce(ReduceOp.SUM, joined, 0, 1);
    Node index = cast(iota(Shape.of(3)), DType.INT16);
    assertThat(GraphText.of(List.of(sum, index, broadcast(two, Shape.of(4)))))
        .isEqualTo(
            """
            a = source  float32(6,)
            %1 = reshape(a)  float32(2, 3)
            %2 = permute_dims(%1, axes 1 0)  float32(3, 2)
            %3 = multiply(%2, 2.0)  float32(3, 2)
            %4 = slice(%3, [2::-1, 0:1])  float32(3, 1)
            b = source  float32(1,)
            %5 = broadcast_to(b)  float32(3, 1)
            %6 = concat(%4, %3, %5, axis 1)  float32(3, 4)
            %7 = sum(%6, axes 0 1)  float32()
            %8 = iota  int64(3,)
            %9 = astype(%8)  int16(3,)
            %10 = broadcast_to(2.0)  float32(4,)
            return %7, %9, %10
            """);
  }

  @Test
  void namesAreTheCallers() {
    Node x = floats(1);
    Node y = floats(2);
    assertThat(GraphText.of(List.of(map(ElementOp.ADD, x, y)), Map.of(x, "b", y, "weights"), 10))
        .isEqualTo(
            """
            b = source  float32(1,)
            weights = source  float32(1,)
            %1 = add(b, weights)  float32(1,)
            return %1
            """);
    assertThat(GraphText.of(List.of(map(ElementOp.ADD, x, y)), Map.of(y, "a"), 10))
        .contains("b = source", "add(b, a)");
  }

  @Test
  void scalarAloneIsItsValue() {
    assertThat(GraphText.of(List.of(scalar(DType.BOOL, 1)))).isEqualTo("return true\n");
  }

  @Test
  void longGraphsAreAbbreviatedInTheMiddle() {
    Node node = floats(1);
    for (int i = 0; i < 100_000; i++) {
      node = map(ElementOp.SQRT, node);
    }
    assertThat(GraphText.of(List.of(node), Map.of(), 5))
        .isEqualTo(
            """
            a = source  float32(1,)
            %1 = sqrt(a)  float32(1,)
            %2 = sqrt(%1)  float32(1,)
            … 99996 more …
            %99999 = sqrt(%99998)  float32(1,)
            %100000 = sqrt(%99999)  float32(1,)
            return %100000
            """);
    assertThat(GraphText.of(List.of(node)).lines()).hasSize(202);
  }

  @Test
  void manySourcesHaveDifferentNames() {
    List<Node> sources = java.util.stream.IntStream.range(0, 60).mapToObj(i -> floats(i)).toList();
    List<String> names =
        GraphText.of(sources)
            .lines()
            .filter(line -> line.contains("="))
            .map(line -> line.substring(0, line.indexOf(' ')))
            .toList();
    assertThat(names).hasSize(60).doesNotHaveDuplicates().contains("a", "z", "a1", "h2");
  }

  @Test
  void everyGraphHasText() {
    for (long seed = 0; seed < 300; seed++) {
      List<Node> roots = GraphFuzzer.generate(seed);
      assertThat(GraphText.of(roots)).as("seed %d", seed).contains("return ");
      assertThat(Dot.of(roots)).as("seed %d", seed).startsWith("digraph");
    }
  }
}
