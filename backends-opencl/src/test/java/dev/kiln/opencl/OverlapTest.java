package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.spi.DeviceTimes.Direction;
import dev.kiln.spi.DeviceTimes.Transfer;
import dev.kiln.spi.Launch;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pieces of a launch: what is copied while another is computed, and what waits. */
@Timeout(60)
class OverlapTest {
  private static final int PIECES = 8;
  private static final int PIECE = 1 << 16;
  private static final int N = PIECES * PIECE;
  private static final long LIMIT = 2 * 4L * 4 * PIECE;

  private final long[] numbers = LongStream.range(0, N).toArray();
  private final TestBuffer x = TestBuffer.of(DType.INT32, numbers);
  private final TestBuffer y = TestBuffer.of(DType.INT32, new long[N]);

  private OpenClBackend backend;

  @BeforeEach
  void open() {
    backend = TestDevice.open(new Settings(Optional.empty(), true, LIMIT, false));
  }

  @AfterEach
  void close() {
    backend.close();
    assertThat(x.pins() + y.pins()).isZero();
  }

  private static Kernel complement() {
    Body body = new Body();
    Body.Value value = body.load(DType.INT32, 0).not();
    Operand operand = new Operand(Operand.Source.MEMORY, DType.INT32, Operand.Access.CONTIGUOUS);
    Output store = new Output.Store(DType.INT32, value.number(), Operand.Access.CONTIGUOUS);
    return new Kernel(1, 0, List.of(operand), List.of(), body.instrs(), List.of(store));
  }

  private Launch launch() {
    return new Launch(
        List.of((long) N),
        List.of(new Launch.Access(x, 0, List.of(1L))),
        List.of(),
        List.of(new Launch.Access(y, 0, List.of(1L))));
  }

  /** Eight pieces, of which the device has room for two. */
  private Cut.Pieces pieces() {
    Geometry small = new Geometry(1, N, PIECE, PIECES, 1, false);
    return Cut.of(complement(), launch(), small, LIMIT / 2, LIMIT / 2).orElseThrow();
  }

  private interface Use {
    void of(Slices slices, Commands commands, List<Cut.Piece> pieces);
  }

  private void visit(Use use) {
    try (Commands commands = new Commands(backend.machine().lanes());
        Visit visit = new Visit(backend.machine(), commands);
        Slices slices = new Slices(complement(), launch(), pieces(), visit, commands)) {
      use.of(slices, commands, pieces().pieces());
      visit.publish();
    }
  }

  /** A call that takes x to y, after some commands. */
  private void copy(Slices slices, Commands commands, List<cl_event> after) {
    slices.called(commands.copy(slices.memory(x), slices.memory(y), 4L * PIECE, after));
  }

  private cl_event gate() {
    return CL.clCreateUserEvent(backend.machine().context(), null);
  }

  private static void await(cl_event event) {
    Events.await(List.of(event));
  }

  @Test
  void theNextPieceComesWhileOneIsComputedAndTheOneAfterWaits() {
    cl_event gate = gate();
    visit(
        (slices, commands, pieces) -> {
          assertThat(pieces).hasSize(PIECES);
          List<cl_event> first = slices.enter(pieces.getFirst());
          assertThat(first).hasSize(1);
          copy(slices, commands, List.of(first.getFirst(), gate));
          List<cl_event> second = slices.enter(pieces.get(1));
          await(second.getFirst()); // The first piece's call has not begun.
          copy(slices, commands, second);
          List<cl_event> third = slices.enter(pieces.get(2));
          assertThat(third).as("an input comes, an output went").hasSize(2);
          assertThat(third).noneMatch(Events::isComplete).noneMatch(Events::hasFailed);
          CL.clSetUserEventStatus(gate, CL.CL_COMPLETE);
          copy(slices, commands, third);
          for (Cut.Piece piece : pieces.subList(3, PIECES)) {
            copy(slices, commands, slices.enter(piece));
          }
          slices.publish();
          assertThat(commands.times().transfers())
              .extracting(Transfer::direction)
              .containsExactlyInAnyOrderElementsOf(
                  LongStream.range(0, 2 * PIECES)
                      .mapToObj(i -> i % 2 == 0 ? Direction.TO_DEVICE : Direction.TO_HOST)
                      .toList());
        });
    CL.clReleaseEvent(gate);
    assertThat(TestBuffer.read(y, DType.INT32)).isEqualTo(numbers);
  }

  @Test
  void whatAPieceLeavesGoesWhileTheNextIsComputed() {
    cl_event gate = gate();
    visit(
        (slices, commands, pieces) -> {
          copy(slices, commands, slices.enter(pieces.getFirst()));
          List<cl_event> second = slices.enter(pieces.get(1));
          copy(slices, commands, List.of(second.getFirst(), gate));
          List<cl_event> third = slices.enter(pieces.get(2));
          third.forEach(OverlapTest::await); // The second piece's call has not begun.
          assertThat(LongStream.of(TestBuffer.read(y, DType.INT32)).limit(PIECE).toArray())
              .isEqualTo(LongStream.range(0, PIECE).toArray());
          CL.clSetUserEventStatus(gate, CL.CL_COMPLETE);
          slices.publish();
        });
    CL.clReleaseEvent(gate);
  }

  @Test
  void aFailingPieceArrivesWithItsCureAndLeavesTheDeviceUsable() {
    assertThatThrownBy(
            () ->
                backend
                    .machine()
                    .launch(
                        false,
                        (visit, commands) -> {
                          try (Slices slices =
                              new Slices(complement(), launch(), pieces(), visit, commands)) {
                            List<Cut.Piece> pieces = pieces().pieces();
                            for (Cut.Piece piece : pieces.subList(0, 3)) {
                              copy(slices, commands, slices.enter(piece));
                            }
                            slices.enter(pieces.get(3));
                            // Drivers refuse to copy more than there is.
                            commands.copy(slices.memory(x), slices.memory(y), 1L << 40);
                          }
                        }))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("the OpenCL device")
        .hasMessageContaining("failed")
        .hasMessageContaining("another backend");
    assertThat(x.pins() + y.pins()).isZero();
    backend.compile(complement()).launch(launch());
    assertThat(TestBuffer.read(y, DType.INT32)).startsWith(-1, -2).endsWith(-N);
  }

  @Test
  void theFirstCommandThatFailedSaysWhatHappened() {
    int waited = CL.CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST;
    CLException vague = new CLException("vague", waited);
    assertThat(Events.cause(vague, IntStream.of(CL.CL_COMPLETE, waited, CL.CL_OUT_OF_RESOURCES)))
        .hasSuppressedException(vague)
        .hasMessage("CL_OUT_OF_RESOURCES")
        .extracting(CLException::getStatus)
        .isEqualTo(CL.CL_OUT_OF_RESOURCES);
    assertThat(Events.cause(vague, IntStream.of(waited))).isSameAs(vague);
    CLException clear = new CLException("clear", CL.CL_INVALID_KERNEL);
    assertThat(Events.cause(clear, IntStream.of(CL.CL_OUT_OF_RESOURCES))).isSameAs(clear);
  }
}
