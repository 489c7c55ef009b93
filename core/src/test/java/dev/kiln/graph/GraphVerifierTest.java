package dev.kiln.graph;

import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.integers;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.scalar;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import dev.kiln.kernel.Routine.ArgSort;
import dev.kiln.kernel.Routine.Cumulative;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import dev.kiln.kernel.Routine.MatMul;
import dev.kiln.kernel.Routine.Sort;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GraphVerifierTest {
  private static final Node FLOATS = floats(1, 2, 3);
  private static final Node INTEGERS = integers(DType.INT32, 1, 2, 3);
  private static final Node MATRIX = iota(Shape.of(2, 3));

  static Stream<Arguments> malformed() {
    return Stream.of(
        bad("takes floats", new Op.Map(ElementOp.EXP), DType.INT32, Shape.of(3), INTEGERS),
        bad("takes numbers", new Op.Map(ElementOp.ADD), DType.BOOL, Shape.of(3), bools(), bools()),
        bad(
            "takes integers",
            new Op.Map(ElementOp.BITWISE_LEFT_SHIFT),
            DType.BOOL,
            Shape.of(3),
            bools(),
            bools()),
        bad(
            "takes integers or bool",
            new Op.Map(ElementOp.BITWISE_INVERT),
            DType.FLOAT32,
            Shape.of(3),
            FLOATS),
        bad("number of inputs", new Op.Map(ElementOp.ADD), DType.INT32, Shape.of(3), INTEGERS),
        bad(
            "different dtypes",
            new Op.Map(ElementOp.ADD),
            DType.INT32,
            Shape.of(3),
            INTEGERS,
            FLOATS),
        bad(
            "another shape",
            new Op.Map(ElementOp.ADD),
            DType.INT64,
            Shape.of(2, 3),
            MATRIX,
            iota(Shape.of(3))),
        bad(
            "another dtype",
            new Op.Map(ElementOp.LESS),
            DType.INT32,
            Shape.of(3),
            INTEGERS,
            INTEGERS),
        bad(
            "not bool",
            new Op.Map(ElementOp.WHERE),
            DType.INT32,
            Shape.of(3),
            INTEGERS,
            INTEGERS,
            INTEGERS),
        bad(
            "complex",
            new Op.Map(ElementOp.CAST),
            DType.FLOAT32,
            Shape.of(),
            Node.of(
                new Op.Source(TestBuffer.of(DType.INT64, 0)),
                List.of(),
                DType.COMPLEX64,
                Shape.of())),
        bad("0-d", new Op.Scalar(1), DType.INT32, Shape.of(1)),
        bad("beyond the dtype", new Op.Scalar(300), DType.UINT8, Shape.of()),
        bad("beyond the dtype", new Op.Scalar(-1L), DType.FLOAT32, Shape.of()),
        bad("leaf", new Op.Iota(), DType.INT64, Shape.of(3), MATRIX),
        bad("int64", new Op.Iota(), DType.INT32, Shape.of(3)),
        bad("repeated", new Op.Broadcast(), DType.INT64, Shape.of(4, 3), MATRIX),
        bad("fewer axes", new Op.Broadcast(), DType.INT64, Shape.of(3), MATRIX),
        bad("another dtype", new Op.Broadcast(), DType.INT32, Shape.of(5, 2, 3), MATRIX),
        bad("number of elements", new Op.Reshape(), DType.INT64, Shape.of(7), MATRIX),
        bad(
            "not a permutation",
            new Op.Permute(List.of(0, 0)),
            DType.INT64,
            Shape.of(2, 2),
            MATRIX),
        bad(
            "another permutation",
            new Op.Permute(List.of(1, 0)),
            DType.INT64,
            Shape.of(2, 3),
            MATRIX),
        bad("number of axes", new Op.Permute(List.of(0)), DType.INT64, Shape.of(2), MATRIX),
        bad("step of 0", slice(0, 0), DType.INT64, Shape.of(2, 1), MATRIX),
        bad("start out of range", slice(3, 1), DType.INT64, Shape.of(2, 1), MATRIX),
        bad("start out of range", slice(-1, 1), DType.INT64, Shape.of(2, 1), MATRIX),
        bad("end out of range", slice(1, 1), DType.INT64, Shape.of(2, 3), MATRIX),
        bad("end out of range", slice(1, -2), DType.INT64, Shape.of(2, 2), MATRIX),
        bad("end out of range", slice(1, Long.MAX_VALUE), DType.INT64, Shape.of(2, 3), MATRIX),
        bad("no such axis", new Op.Concat(2), DType.INT64, Shape.of(2, 3), MATRIX),
        bad("no inputs", new Op.Concat(0), DType.INT64, Shape.of(0)),
        bad("together", new Op.Concat(0), DType.INT64, Shape.of(3, 3), MATRIX, MATRIX),
        bad(
            "don't fit",
            new Op.Concat(0),
            DType.INT64,
            Shape.of(4, 3),
            MATRIX,
            iota(Shape.of(2, 4))),
        bad("no axes", reduce(ReduceOp.SUM), DType.INT64, Shape.of(2, 3), MATRIX),
        bad("ascending", reduce(ReduceOp.SUM, 1, 0), DType.INT64, Shape.of(), MATRIX),
        bad("ascending", reduce(ReduceOp.SUM, 2), DType.INT64, Shape.of(2, 3), MATRIX),
        bad("kept axes", reduce(ReduceOp.SUM, 0), DType.INT64, Shape.of(2), MATRIX),
        bad("another dtype", reduce(ReduceOp.ARGMAX, 0), DType.INT32, Shape.of(), INTEGERS),
        bad("takes floats", reduce(ReduceOp.MEAN, 0), DType.INT64, Shape.of(3), MATRIX),
        bad("takes numbers", reduce(ReduceOp.SUM, 0), DType.BOOL, Shape.of(), bools()),
        bad("no such axis", call(new Sort(2, false)), DType.INT64, Shape.of(2, 3), MATRIX),
        bad("another dtype", call(new ArgSort(0, false)), DType.INT32, Shape.of(3), INTEGERS),
        bad("another shape", call(new Sort(0, true)), DType.INT64, Shape.of(3, 2), MATRIX),
        bad("takes numbers", call(new Cumulative(Fold.SUM, 0)), DType.BOOL, Shape.of(3), bools()),
        bad("don't fit", call(new MatMul()), DType.INT64, Shape.of(2, 3), MATRIX, MATRIX),
        bad(
            "with a vector",
            call(new MatMul()),
            DType.INT64,
            Shape.of(2, 1),
            MATRIX,
            iota(Shape.of(3, 1))),
        bad("number of inputs", call(new MatMul()), DType.INT64, Shape.of(2, 3), MATRIX),
        bad(
            "no elements",
            reduce(ReduceOp.MAX, 0),
            DType.INT64,
            Shape.of(3),
            iota(Shape.of(0, 3))));
  }

  private static Arguments bad(String rule, Op op, DType dtype, Shape shape, Node... inputs) {
    return Arguments.of(rule, Node.of(op, List.of(inputs), dtype, shape));
  }

  private static Op slice(long start, long step) {
    return new Op.Slice(List.of(0L, start), List.of(1L, step));
  }

  private static Op call(Routine routine) {
    return new Op.Call(routine);
  }

  private static Op reduce(ReduceOp function, Integer... axes) {
    return new Op.Reduce(function, List.of(axes));
  }

  private static Node bools() {
    return integers(DType.BOOL, 1, 0, 1);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedNodesAreNamed(String rule, Node node) {
    Node user = Node.of(new Op.Reshape(), List.of(node), node.dtype(), node.shape());
    assertThatThrownBy(() -> GraphVerifier.check(List.of(FLOATS, user)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(rule)
        .hasMessageContaining(node.toString());
  }

  @Test
  void wellFormedGraphsPass() {
    for (long seed = 0; seed < 500; seed++) {
      List<Node> roots = GraphFuzzer.generate(seed);
      assertThatCode(() -> GraphVerifier.check(roots))
          .as("seed %d", seed)
          .doesNotThrowAnyException();
    }
    Node empty = Node.of(slice(0, 5), List.of(MATRIX), DType.INT64, Shape.of(0, 0));
    GraphVerifier.check(
        List.of(empty, Node.of(reduce(ReduceOp.MAX, 0), List.of(empty), DType.INT64, Shape.of(0))));
  }

  @Test
  void deepGraphsPass() {
    Node node = FLOATS;
    for (int i = 0; i < 100_000; i++) {
      node = map(ElementOp.ADD, node, FLOATS);
    }
    GraphVerifier.check(List.of(node, scalar(DType.FLOAT32, Bits.of(1f))));
  }
}
