package dev.kiln.graph;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.call;
import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.floats;
import static dev.kiln.contract.TestGraphs.integers;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.matmul;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.rfft;
import static dev.kiln.contract.TestGraphs.scalar;
import static dev.kiln.contract.TestGraphs.slice;
import static dev.kiln.contract.TestGraphs.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DigestTest {
  private static Digest digest(Node node) {
    return Digest.of(List.of(node)).get(node);
  }

  private static Map<String, Node> kinds() {
    Node x = floats(1, 2, 3, 4, 5, 6);
    Node matrix = reshape(x, 2, 3);
    Map<String, Node> kinds = new LinkedHashMap<>();
    kinds.put("source", x);
    kinds.put("scalar", scalar(DType.FLOAT64, Bits.of(1.5)));
    kinds.put("iota", iota(Shape.of(2, 3)));
    kinds.put("map", map(ElementOp.MULTIPLY, x, x));
    kinds.put("cast", cast(x, DType.INT8));
    kinds.put("broadcast", broadcast(x, Shape.of(4, 6)));
    kinds.put("reshape", matrix);
    kinds.put("permute", permute(matrix, 1, 0));
    kinds.put("slice", slice(matrix, new long[] {1, 2}, new long[] {1, -2}, new long[] {1, 2}));
    kinds.put("concat", concat(1, matrix, matrix));
    kinds.put("reduce", reduce(ReduceOp.SUM, matrix, 0));
    kinds.put("cumulative", call(new Routine.Cumulative(Routine.Cumulative.Fold.SUM, 1), matrix));
    kinds.put("matmul", matmul(matrix, permute(matrix, 1, 0)));
    kinds.put("rfft", rfft(x));
    kinds.put("sort", call(new Routine.Sort(1, true), matrix));
    kinds.put("argsort", call(new Routine.ArgSort(0, false), matrix));
    return kinds;
  }

  /** Stores depend on these: what changes one must change {@link Digest#VERSION} too. */
  private static final Map<String, String> PINNED =
      Map.ofEntries(
          Map.entry("source", "e99c06c0d34c3390e70e7fb9b93d5b1e996b9974c7d3f4020d122dfba511411e"),
          Map.entry("scalar", "092a296fb9cc0b4737dc6bcd8fc0b6c3f9ec5c7f8b7c4351e8138af62c87af6e"),
          Map.entry("iota", "f4e773da3d9930b7d76b9da2aa03003ae4ea858500596bb7dd376bf137984b46"),
          Map.entry("map", "7dc56a70d839ae4ae91c84d31ac3219f962769bbc5eeb163c85b19ae2642a2d4"),
          Map.entry("cast", "fa17396f297b311b8b5510594b7e2509b0b719e0d0038be7cea6e6c313d8b70a"),
          Map.entry(
              "broadcast", "7bd1d32ba4d25f459169ecebe4ec32b573b62b3739fc930425ac48d23a794d47"),
          Map.entry("reshape", "cc0219772ba89210fc61926deae4a06f521812809f10aa69641d9be80ea06436"),
          Map.entry("permute", "d80dd5aea86059238aa1c076dec3333bee7b71a90db6f1bede2ccd4da35c24ac"),
          Map.entry("slice", "92893e7f86b173df8752ff1edbddb178928e3512c83ac904e328a66566a7d6d0"),
          Map.entry("concat", "84ebd31df9502ee186bb997e36a03d209b5be7bc8db149139431d862ac63c304"),
          Map.entry("reduce", "ecc231c22961e28537396ab233a9862b0ef038d72fc68d5adaf5597802edf6f8"),
          Map.entry(
              "cumulative", "d8c2a0d11288ce4349ed426268d664f0a3af3b413cf1ebdedf4df6b3997e4f36"),
          Map.entry("matmul", "63c5f46315557973882e93918f340c42add4fb05759ebced6cecb4259f5726f9"),
          Map.entry("rfft", "94cffbf20aba439cce4f1ddf8600d60976a0d1f505ee0900b39122c4e6baa052"),
          Map.entry("sort", "490fbdacf0ef582f109c8695e7036430bf42a9b0ebb31e0d0418c7f0dbd354d5"),
          Map.entry("argsort", "8d58deb6d56e4a885c9a8613a9516785258c20b5a3f98f72d43c58acb0c7a5b0"));

  @Test
  void pinned() {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    assertThat(Digest.VERSION).isEqualTo(1);
    Map<String, String> digests = new LinkedHashMap<>();
    kinds().forEach((kind, node) -> digests.put(kind, digest(node).toString()));
    assertThat(digests).isEqualTo(PINNED);
  }

  @Test
  void everyAttributeCounts() {
    Node x = floats(1, 2, 3, 4, 5, 6);
    Node y = floats(1, 2, 3, 4, 5, 7);
    Node cube = reshape(x, 1, 2, 3);
    List<Node> different =
        List.of(
            call(new Routine.Sort(0, false), x),
            call(new Routine.Sort(0, true), x),
            call(new Routine.ArgSort(0, false), x),
            call(new Routine.Cumulative(Routine.Cumulative.Fold.SUM, 0), x),
            call(new Routine.Cumulative(Routine.Cumulative.Fold.PROD, 0), x),
            call(new Routine.Sort(1, false), cube),
            call(new Routine.Sort(2, false), cube),
            x,
            y,
            source(DType.INT32, Shape.of(6), 1, 2, 3, 4, 5, 6),
            source(DType.UINT32, Shape.of(6), 1, 2, 3, 4, 5, 6),
            scalar(DType.FLOAT32, 0),
            scalar(DType.FLOAT32, Bits.of(-0f)),
            scalar(DType.INT32, 0),
            iota(Shape.of(6)),
            iota(Shape.of(6, 1)),
            map(ElementOp.ADD, x, y),
            map(ElementOp.ADD, y, x),
            map(ElementOp.SUBTRACT, x, y),
            cast(x, DType.FLOAT64),
            cast(x, DType.INT64),
            cube,
            reshape(x, 2, 1, 3),
            permute(cube, 0, 2, 1),
            permute(cube, 2, 0, 1),
            slice(x, new long[] {0}, new long[] {1}, new long[] {3}),
            slice(x, new long[] {0}, new long[] {2}, new long[] {3}),
            slice(x, new long[] {1}, new long[] {2}, new long[] {3}),
            slice(x, new long[] {0}, new long[] {2}, new long[] {2}),
            concat(0, cube, cube),
            concat(1, cube, cube),
            reduce(ReduceOp.SUM, cube, 0),
            reduce(ReduceOp.PROD, cube, 0),
            reduce(ReduceOp.SUM, cube, 1),
            reduce(ReduceOp.SUM, cube, 0, 1));
    Set<Digest> digests = new HashSet<>(Digest.of(different).values());
    assertThat(digests).hasSize(different.size());
  }

  @Test
  void equalContentsAreEqual() {
    Node here = map(ElementOp.ADD, floats(1, 2), floats(3, 4));
    Node there = map(ElementOp.ADD, floats(1, 2), floats(3, 4));
    assertThat(here).isNotSameAs(there);
    assertThat(digest(here)).isEqualTo(digest(there)).hasSameHashCodeAs(digest(there));
    assertThat(digest(here).bytes()).hasSize(32);
    assertThat(digest(here).toString()).matches("[0-9a-f]{64}");
  }

  @Test
  void contentsAreAskedForOncePerBuffer() {
    TestBuffer buffer = TestBuffer.of(DType.INT32, 1, 2, 3, 4);
    Node x = Node.of(new Op.Source(buffer), List.of(), DType.INT32, Shape.of(4));
    Node y = Node.of(new Op.Source(buffer), List.of(), DType.UINT32, Shape.of(2, 2));
    AtomicInteger asked = new AtomicInteger();
    Map<Node, Digest> digests =
        Digest.of(
            List.of(x, y, x),
            given -> {
              asked.incrementAndGet();
              return new byte[] {1};
            });
    assertThat(asked).hasValue(1);
    assertThat(digests.get(x)).isNotEqualTo(digests.get(y));
    assertThat(digest(x)).isNotEqualTo(digests.get(x));
    assertThat(buffer.pins()).isZero();
  }

  @Test
  void contentsOfSeveralChunksCountAndOrderMatters() {
    int size = (1 << 20) + 17;
    long[] bits = new long[size];
    Node zeros = source(DType.UINT8, Shape.of(size), bits);
    bits[size - 1] = 1;
    Node last = source(DType.UINT8, Shape.of(size), bits);
    assertThat(digest(zeros)).isNotEqualTo(digest(last));
  }

  @Test
  void deepAndWideGraphsFinish() {
    Node x = integers(DType.INT32, 1, 2);
    Node node = x;
    for (int i = 0; i < 100_000; i++) {
      node = map(ElementOp.ADD, node, x);
    }
    assertThat(Digest.of(List.of(node))).hasSize(100_001);
  }
}
