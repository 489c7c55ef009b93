package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.Launch;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device's own clock says. */
class TimesTest {
  private static final int N = 1 << 16;
  private static final Settings COPIES =
      new Settings(Optional.empty(), true, Long.MAX_VALUE, false);

  private final TestBuffer x = TestBuffer.of(DType.INT32, new long[N]);
  private final TestBuffer y = TestBuffer.of(DType.INT32, new long[N]);

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

  private DeviceTimes times(Settings settings) {
    try (OpenClBackend backend = TestDevice.open(settings)) {
      Optional<DeviceTimes> times = backend.compile(complement()).launchTimed(launch());
      assertThat(TestBuffer.read(y, DType.INT32)).containsOnly(-1);
      assertThat(x.pins() + y.pins()).isZero();
      return times.orElseThrow();
    }
  }

  @Test
  void copiesAreTimedEach() {
    DeviceTimes times = times(COPIES);
    assertThat(times.kernelNanos()).isPositive();
    assertThat(times.transfers())
        .extracting(DeviceTimes.Transfer::direction)
        .containsExactly(DeviceTimes.Direction.TO_DEVICE, DeviceTimes.Direction.TO_HOST);
    assertThat(times.transfers()).allMatch(copy -> copy.bytes() == 4L * N && copy.nanos() > 0);
    assertThat(times.inWords()).contains("262,144 bytes to the device", "262,144 bytes back");
  }

  @Test
  void flightRecordingsHaveTheCopies(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("copies.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(TransferEvent.class);
      recording.start();
      times(COPIES);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.kiln.Transfer"))
            .toList();
    assertThat(events)
        .extracting(event -> event.getString("direction"))
        .containsExactly("to device", "to host");
    assertThat(events).extracting(event -> event.getLong("bytes")).containsOnly(4L * N);
  }

  @Test
  void ownKernelsAreTimedAsOthersAre() {
    String text = "kernel void count(global int *x) { x[get_global_id(0)] += 1; }";
    ForeignKernel kernel =
        new ForeignKernel(
            OpenClProvider.NAME,
            text,
            "",
            "count",
            List.of(new ForeignKernel.Argument.Result(DType.INT32, Shape.of(N), true)),
            List.of((long) N),
            List.of());
    RoutineLaunch launch = new RoutineLaunch(List.of(array(x)), array(y));
    try (OpenClBackend backend = TestDevice.open(COPIES)) {
      RoutineExecutable own =
          backend.routine(new Routine.Foreign(kernel, 0), DType.INT32).orElseThrow();
      own.launch(launch);
      DeviceTimes times = own.launchTimed(launch).orElseThrow();
      assertThat(TestBuffer.read(y, DType.INT32)).containsOnly(1);
      assertThat(TestBuffer.read(x, DType.INT32)).containsOnly(0);
      assertThat(times.kernelNanos()).isPositive();
      assertThat(times.transfers())
          .extracting(DeviceTimes.Transfer::direction)
          .containsExactly(DeviceTimes.Direction.TO_DEVICE, DeviceTimes.Direction.TO_HOST);
      assertThat(x.pins() + y.pins()).isZero();
    }
  }

  private static RoutineLaunch.Array array(TestBuffer buffer) {
    return new RoutineLaunch.Array(buffer, DType.INT32, Shape.of(N), 0, List.of(1L));
  }
}
