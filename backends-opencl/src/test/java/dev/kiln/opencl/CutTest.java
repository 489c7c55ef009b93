package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CutTest {
  private final Buffer x = TestBuffer.memory().allocate(4 * 50_000);
  private final Buffer y = TestBuffer.memory().allocate(4 * 50_000);

  private static final Operand FLOATS =
      new Operand(Operand.Source.MEMORY, DType.FLOAT32, Operand.Access.STRIDED);

  /** Stores x at y, over 500 rows of 100. */
  private Optional<Cut.Pieces> stores(List<Long> xStrides, long room) {
    Body body = new Body();
    Output store =
        new Output.Store(
            DType.FLOAT32, body.load(DType.FLOAT32, 0).number(), Operand.Access.CONTIGUOUS);
    Kernel kernel = new Kernel(2, 0, List.of(FLOATS), List.of(), body.instrs(), List.of(store));
    Launch launch =
        new Launch(
            List.of(500L, 100L),
            List.of(new Launch.Access(x, 0, xStrides)),
            List.of(),
            List.of(new Launch.Access(y, 0, List.of(100L, 1L))));
    return Cut.of(kernel, launch, Geometry.of(kernel, launch, true), room, room);
  }

  private static long bytes(Cut.Piece piece) {
    return piece.spans().values().stream().mapToLong(Cut.Span::bytes).sum();
  }

  @Test
  void piecesOfStoresFollowOneAnotherAndFit() {
    List<Cut.Piece> pieces = stores(List.of(100L, 1L), 30_000).orElseThrow().pieces();
    long unit = 0;
    long element = 0;
    for (Cut.Piece piece : pieces) {
      assertThat(piece.begin()).isEqualTo(unit);
      assertThat(piece.spans().get(x)).isEqualTo(piece.spans().get(y));
      assertThat(piece.spans().get(x)).isEqualTo(new Cut.Span(4 * element, 4 * piece.points()));
      assertThat(bytes(piece)).as("in two slices").isLessThanOrEqualTo(15_000);
      unit = piece.end();
      element += piece.points();
    }
    assertThat(unit).isEqualTo(500);
    assertThat(element).isEqualTo(50_000);
    assertThat(pieces).hasSize(32);
  }

  /** What one piece writes, no other brings to the device: it may not be back yet. */
  @Test
  void piecesOfBytesHaveNoByteInCommon() {
    Body body = new Body();
    int value = body.load(DType.INT8, 0).number();
    Output store = new Output.Store(DType.INT8, value, Operand.Access.CONTIGUOUS);
    Operand bytes = new Operand(Operand.Source.MEMORY, DType.INT8, Operand.Access.CONTIGUOUS);
    Kernel kernel = new Kernel(1, 0, List.of(bytes), List.of(), body.instrs(), List.of(store));
    Launch launch =
        new Launch(
            List.of(50_003L),
            List.of(new Launch.Access(x, 0, List.of(1L))),
            List.of(),
            List.of(new Launch.Access(y, 0, List.of(1L))));
    List<Cut.Piece> pieces =
        Cut.of(kernel, launch, Geometry.of(kernel, launch, false), 30_000, 30_000)
            .orElseThrow()
            .pieces();
    long element = 0;
    for (Cut.Piece piece : pieces) {
      assertThat(piece.points() % 8).as("no multiple of a word").isNotZero();
      assertThat(piece.spans().get(y)).isEqualTo(new Cut.Span(element, piece.points()));
      element += piece.points();
    }
    assertThat(element).isEqualTo(50_003);
  }

  @Test
  void anOperandReadAcrossTheGrainIsNotCut() {
    assertThat(stores(List.of(1L, 500L), 30_000)).isEmpty();
    assertThat(stores(List.of(1L, 500L), 250_000)).as("the result is").isPresent();
  }

  @Test
  void sumsOfColumnsAreCutByBlocks() {
    Body body = new Body();
    int value = body.load(DType.FLOAT32, 0).number();
    Output sum = new Output.Reduce(ReduceOp.SUM, DType.FLOAT32, value);
    Kernel kernel = new Kernel(1, 1, List.of(FLOATS), List.of(), body.instrs(), List.of(sum));
    Launch launch =
        new Launch(
            List.of(5L, 10_000L),
            List.of(new Launch.Access(x, 0, List.of(1L, 5L))),
            List.of(),
            List.of(new Launch.Access(y, 0, List.of(1L))));
    List<Cut.Piece> pieces =
        Cut.of(kernel, launch, Geometry.of(kernel, launch, true), 100_000, 100_000)
            .orElseThrow()
            .pieces();
    assertThat(pieces).extracting(Cut.Piece::firstBlock).containsExactly(0L, 1L, 2L);
    assertThat(pieces)
        .extracting(piece -> piece.spans().get(x))
        .containsExactly(
            new Cut.Span(0, 81_920), new Cut.Span(81_920, 81_920), new Cut.Span(163_840, 36_160));
    assertThat(pieces).allMatch(piece -> new Cut.Span(0, 20).equals(piece.spans().get(y)));
  }
}
