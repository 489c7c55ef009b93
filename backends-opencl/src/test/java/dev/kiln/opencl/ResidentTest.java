package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.KilnException;
import dev.kiln.memory.SlabPool;
import dev.kiln.opencl.Residence.Use;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.DeviceTimes;
import dev.kiln.spi.DeviceTimes.Direction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jocl.CL;
import org.jocl.cl_event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Arrays that stay on a device, tried on one that would not need it. */
@Timeout(60)
class ResidentTest {
  private static final int N = 1000;
  private static final long BYTES = 4L * N;

  private OpenClBackend backend;
  private Lanes timed;
  private SlabPool pool;
  private CopyingResidence residence;

  @BeforeEach
  void open() {
    backend = TestDevice.open(new Settings(Optional.empty(), true, Long.MAX_VALUE, false));
    timed = backend.machine().timed().get();
    pool = new SlabPool(1L << 26);
    residence =
        new CopyingResidence(
            backend.machine().context(), backend.machine().device(), timed, 8 * BYTES);
  }

  @AfterEach
  void close() {
    residence.close();
    pool.close();
    backend.close();
  }

  private Buffer array(int value) {
    Buffer buffer = residence.memory(pool).allocate(BYTES);
    MemorySegment segment = buffer.segment();
    for (int i = 0; i < N; i++) {
      segment.setAtIndex(ValueLayout.JAVA_INT, i, value);
    }
    return buffer;
  }

  private static int last(Buffer buffer) {
    return buffer.contents().getAtIndex(ValueLayout.JAVA_INT, N - 1);
  }

  /** A launch that copies one array to another on the device; the transfers that it took. */
  private List<Direction> copy(Buffer from, Buffer to) {
    return visit(
        commands -> {
          Residence.View out = residence.enter(commands, to, Use.WRITE);
          Residence.View in = residence.enter(commands, from, Use.READ);
          commands.copy(in.memory(), out.memory(), BYTES);
          residence.publish(commands, out);
          residence.leave(commands, in);
          residence.leave(commands, out);
        });
  }

  private interface Launching {
    void run(Commands commands);
  }

  private List<Direction> visit(Launching launch) {
    try (Commands commands = new Commands(timed)) {
      launch.run(commands);
      commands.finish();
      return commands.times().transfers().stream().map(DeviceTimes.Transfer::direction).toList();
    }
  }

  @Test
  void anArrayIsCopiedOnceAndAResultNotBeforeItIsRead() {
    Buffer x = array(7);
    Buffer y = array(0);
    Buffer z = array(0);
    assertThat(copy(x, y)).containsExactly(Direction.TO_DEVICE);
    assertThat(copy(x, z)).isEmpty();
    assertThat(copy(y, z)).isEmpty();
    assertThat(last(z)).isEqualTo(7);
    assertThat(copy(z, y)).as("after reading").isEmpty();
    assertThat(residence.resident()).isEqualTo(3 * BYTES);
  }

  @Test
  void whatTheHostWritesReachesTheDevice() {
    Buffer x = array(1);
    Buffer y = array(0);
    copy(x, y);
    y.segment().setAtIndex(ValueLayout.JAVA_INT, N - 1, 5);
    assertThat(copy(y, x)).containsExactly(Direction.TO_DEVICE);
    assertThat(last(x)).isEqualTo(5);
    assertThat(x.contents().getAtIndex(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
  }

  @Test
  void aPinHasTheElements() {
    Buffer x = array(3);
    Buffer y = array(0);
    copy(x, y);
    long address = y.pin();
    try {
      assertThat(MemorySegment.ofAddress(address).reinterpret(BYTES).get(ValueLayout.JAVA_INT, 0))
          .isEqualTo(3);
    } finally {
      y.unpin();
    }
    assertThat(copy(y, x)).as("it may have been written").containsExactly(Direction.TO_DEVICE);
  }

  @Test
  void anUpdateKeepsTheRest() {
    Buffer x = array(1);
    Buffer y = array(2);
    List<Direction> transfers =
        visit(
            commands -> {
              Residence.View out = residence.enter(commands, y, Use.UPDATE);
              Residence.View in = residence.enter(commands, x, Use.READ);
              commands.copy(in.memory(), out.memory(), 4);
              residence.publish(commands, out);
              residence.leave(commands, in);
              residence.leave(commands, out);
            });
    assertThat(transfers).containsExactly(Direction.TO_DEVICE, Direction.TO_DEVICE);
    assertThat(y.contents().getAtIndex(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
    assertThat(last(y)).isEqualTo(2);
  }

  @Test
  void thoseUsedLongestAgoMakeRoomAndLoseNothing() {
    Buffer x = array(9);
    Buffer[] results = new Buffer[6];
    for (int i = 0; i < results.length; i++) {
      results[i] = array(0);
      copy(i == 0 ? x : results[i - 1], results[i]);
      assertThat(residence.resident()).isLessThanOrEqualTo(4 * BYTES);
    }
    assertThat(copy(results[0], results[1])).containsExactly(Direction.TO_DEVICE);
    for (Buffer result : results) {
      assertThat(last(result)).isEqualTo(9);
    }
  }

  @Test
  void whatALaunchUsesMakesNoRoom() {
    Buffer[] many = new Buffer[6];
    visit(
        commands -> {
          Residence.View[] views = new Residence.View[many.length];
          for (int i = 0; i < many.length; i++) {
            many[i] = array(i);
            views[i] = residence.enter(commands, many[i], Use.READ);
          }
          assertThat(views).extracting(Residence.View::memory).doesNotHaveDuplicates();
          residence.trim();
          assertThat(residence.resident()).isEqualTo(6 * BYTES);
          for (Residence.View view : views) {
            residence.leave(commands, view);
          }
        });
    residence.trim();
    assertThat(residence.resident()).isZero();
    assertThat(residence.held()).isZero();
    for (int i = 0; i < many.length; i++) {
      assertThat(last(many[i])).isEqualTo(i);
    }
  }

  @Test
  void releasedArraysGiveTheirMemoryBackWhenNoLaunchUsesThem() {
    Buffer x = array(1);
    Buffer y = array(2);
    copy(x, y);
    visit(
        commands -> {
          Residence.View view = residence.enter(commands, y, Use.READ);
          y.release();
          assertThat(residence.resident()).isEqualTo(2 * BYTES);
          residence.leave(commands, view);
        });
    assertThat(residence.resident()).isEqualTo(BYTES);
    x.release();
    assertThat(residence.resident()).isZero();
    assertThatThrownBy(y::segment)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("released");
    assertThatThrownBy(() -> copy(y, x))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("released");
  }

  @Test
  @SuppressWarnings("UnusedVariable")
  void forgottenArraysGiveTheirMemoryBack() throws InterruptedException {
    Buffer x = array(1);
    copy(x, array(2));
    for (int i = 0; i < 200 && residence.resident() > BYTES; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(residence.resident()).isEqualTo(BYTES);
    assertThat(last(x)).isEqualTo(1);
  }

  @Test
  void whoCopiesHoldsUpNobodyWithOtherArrays() throws InterruptedException, ExecutionException {
    Buffer x = array(1);
    Buffer y = array(0);
    copy(x, y);
    Buffer other = array(5);
    Buffer result = array(0);
    copy(other, result);
    // A call that has not begun, which y's new elements wait for.
    cl_event gate = CL.clCreateUserEvent(backend.machine().context(), null);
    Commands commands = new Commands(timed);
    Residence.View out = residence.enter(commands, y, Use.WRITE);
    Residence.View in = residence.enter(commands, x, Use.READ);
    commands.copy(in.memory(), out.memory(), BYTES, List.of(gate));
    residence.publish(commands, out);
    residence.leave(commands, in);
    residence.leave(commands, out);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Integer> waiting = threads.submit(() -> last(y));
      // Meanwhile another thread brings a result, and an array to the device.
      Future<Integer> meanwhile =
          threads.submit(
              () -> {
                int found = last(result);
                try (Commands others = new Commands(timed)) {
                  residence.leave(others, residence.enter(others, array(8), Use.READ));
                }
                return found;
              });
      assertThat(meanwhile.get()).isEqualTo(5);
      assertThat(waiting.isDone()).isFalse();
      CL.clSetUserEventStatus(gate, CL.CL_COMPLETE);
      assertThat(waiting.get()).isEqualTo(1);
    } finally {
      commands.close();
      CL.clReleaseEvent(gate);
    }
  }

  @Test
  void memoryIsUsedAgainAfterTheCallsThatUseIt() throws InterruptedException, ExecutionException {
    Buffer x = array(1);
    Buffer y = array(0);
    cl_event gate = CL.clCreateUserEvent(backend.machine().context(), null);
    Commands commands = new Commands(timed);
    Residence.View out = residence.enter(commands, y, Use.WRITE);
    Residence.View in = residence.enter(commands, x, Use.READ);
    commands.copy(in.memory(), out.memory(), BYTES, List.of(gate));
    residence.publish(commands, out);
    residence.leave(commands, in);
    residence.leave(commands, out);
    x.release(); // Its memory is the next array's, and the call reads it yet.
    Buffer next = array(3);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<List<Direction>> copied = threads.submit(() -> enter(next));
      Thread.sleep(20);
      assertThat(copied.isDone()).isFalse();
      CL.clSetUserEventStatus(gate, CL.CL_COMPLETE);
      assertThat(copied.get()).containsExactly(Direction.TO_DEVICE);
    } finally {
      commands.close();
      CL.clReleaseEvent(gate);
    }
    assertThat(last(y)).isEqualTo(1);
  }

  private List<Direction> enter(Buffer buffer) {
    return visit(
        commands -> residence.leave(commands, residence.enter(commands, buffer, Use.READ)));
  }

  @Test
  void whatTheHostOnlyReadsStaysOnTheDevice() {
    Buffer x = array(4);
    Buffer y = array(0);
    copy(x, y);
    assertThat(y.contents().get(ValueLayout.JAVA_INT, 0)).isEqualTo(4);
    long address = y.show();
    assertThat(MemorySegment.ofAddress(address).reinterpret(BYTES).get(ValueLayout.JAVA_INT, 0))
        .isEqualTo(4);
    y.unpin();
    assertThat(enter(y)).isEmpty();
  }
}
