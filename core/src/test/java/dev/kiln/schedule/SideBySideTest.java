package dev.kiln.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.contract.Agreement;
import dev.kiln.contract.GraphFuzzer;
import dev.kiln.contract.TestBuffer;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.interpret.PlainBackend;
import dev.kiln.kernel.Kernel;
import dev.kiln.memory.SlabPool;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import dev.kiln.spi.MemoryLimitException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Steps on made-up backends: which run at once, who waits for whom, and what becomes of failures.
 * Where something is waited for that does not come, a test ends by its limit of time.
 */
@Timeout(60)
class SideBySideTest {
  private static final Debug QUIET = new Debug(0, System.err);

  /** The launches that have ended, in order. */
  private final List<String> ended = Collections.synchronizedList(new ArrayList<>());

  private final Side home = new Side("home");
  private final Side device = new Side("device");
  private final SlabPool memory = new SlabPool(1L << 26);

  @AfterEach
  void close() {
    memory.close();
  }

  /** What a launch begins with. */
  private interface Beginning {
    void run() throws Exception;
  }

  /** Computes as the plain backend does, where the launch is. */
  private final class Side implements Backend {
    private final Backend plain = new PlainBackend();
    private final String name;
    private final List<Beginning> beginnings = new ArrayList<>();
    private final AtomicInteger launches = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger awaited = new AtomicInteger();

    Side(String name) {
      this.name = name;
    }

    /** What its next launch, that of which nothing was said yet, begins with. */
    void next(Beginning beginning) {
      beginnings.add(beginning);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String describe() {
      return "made up";
    }

    @Override
    public Executable compile(Kernel kernel) {
      Executable executable = plain.compile(kernel);
      return new Executable() {
        @Override
        public void launch(Launch launch) {
          running.incrementAndGet();
          try {
            int number = launches.getAndIncrement();
            if (number < beginnings.size()) {
              beginnings.get(number).run();
            }
            executable.launch(launch);
            ended.add(name + " " + number);
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new KilnException(name + " was ended by " + e, e);
          } finally {
            running.decrementAndGet();
          }
        }

        @Override
        public String describe() {
          return "made up";
        }
      };
    }

    @Override
    public void await() {
      assertThat(running).hasValue(0);
      awaited.incrementAndGet();
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** A step that reads nothing but memory. */
  private static Node twice(double... numbers) {
    Node x = TestGraphs.floats(numbers);
    return TestGraphs.map(ElementOp.ADD, x, x);
  }

  private static Node negative(Node x) {
    return TestGraphs.map(ElementOp.NEGATIVE, x);
  }

  private static Plan plan(Node... roots) {
    return Compiler.compile(List.of(roots)).plan();
  }

  private List<Buffer> run(Plan plan, Backend... backends) {
    return run(plan, memory, QUIET, backends);
  }

  private List<Buffer> run(Plan plan, Memory from, Debug debug, Backend... backends) {
    Placement placement = Placements.of(plan, home, List.of(backends));
    return Runner.run(plan, List.of(), placement, Optional.empty(), from, debug);
  }

  private static void assertFloats(Buffer buffer, double... expected) {
    long[] bits =
        Arrays.stream(expected).mapToLong(x -> Float.floatToRawIntBits((float) x)).toArray();
    long[] actual = TestBuffer.read(buffer, DType.FLOAT32);
    assertThat(Arrays.stream(actual).map(x -> (int) x)).containsExactly(box(bits));
  }

  private static Long[] box(long[] bits) {
    return Arrays.stream(bits).boxed().toArray(Long[]::new);
  }

  /** All launches have returned, all was waited for, and no memory is missing. */
  private void assertNothingRuns() {
    assertThat(home.running).hasValue(0);
    assertThat(device.running).hasValue(0);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("kiln-device"));
  }

  @Test
  void independentStepsRunAtTheSameTime() {
    CyclicBarrier both = new CyclicBarrier(2);
    home.next(both::await);
    device.next(both::await);
    List<Buffer> results = run(plan(twice(1, 2, 3), twice(4, 5, 6)), home, device);
    assertFloats(results.get(0), 2, 4, 6);
    assertFloats(results.get(1), 8, 10, 12);
    assertThat(device.awaited).hasValue(1);
    assertNothingRuns();
  }

  @Test
  void threeBackendsDoTooAndStepsAreTimedInOrder() {
    Side third = new Side("third");
    CyclicBarrier all = new CyclicBarrier(3);
    List.of(home, device, third).forEach(side -> side.next(all::await));
    PlanCache.Bound bound = new PlanCache().compile(List.of(twice(1, 2), twice(3, 4), twice(5, 6)));
    Plan plan = bound.compiled().plan();
    Runner.run(
        plan,
        bound.inputs(),
        Placements.of(plan, home, List.of(third, home, device)),
        Optional.of(bound.history()),
        memory,
        QUIET);
    assertThat(bound.history().times()).extracting(StepTime::from).containsExactly(0, 1, 2);
    assertNothingRuns();
  }

  @Test
  void theCallersThreadIsHomesOrElseTheFirstDevices() {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    Side other = new Side("other");
    Plan plan = plan(twice(1, 2, 3), twice(4, 5, 6));
    home.next(() -> threads.add(Thread.currentThread()));
    run(plan, other, home);
    device.next(() -> threads.add(Thread.currentThread()));
    run(plan, device, other);
    assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
  }

  @Test
  void whereEachNeedsTheOneBeforeThereIsNoOtherThread() {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    home.next(() -> threads.add(Thread.currentThread()));
    device.next(() -> threads.add(Thread.currentThread()));
    Node first = twice(1, 2, 3);
    List<Buffer> results = run(plan(first, negative(first)), home, device);
    assertFloats(results.get(1), -2, -4, -6);
    assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
  }

  @Test
  void aStepWaitsForWhatItReadsAndForNothingElse() {
    CountDownLatch reading = new CountDownLatch(1);
    Node read = twice(3, 1, 2);
    home.next(() -> {});
    home.next(reading::await);
    device.next(
        () -> {
          assertThat(ended).containsExactly("home 0");
          reading.countDown();
        });
    List<Buffer> results = run(plan(read, negative(read), twice(7, 8)), home, device, home);
    assertFloats(results.get(1), -6, -2, -4);
    assertFloats(results.get(2), 14, 16);
    assertNothingRuns();
  }

  @Test
  void whatAnotherBackendWaitsForComesFirst() {
    // Home's first step of the plan ends only after the device has read the result of its second.
    CountDownLatch reading = new CountDownLatch(1);
    Node read = twice(4, 5, 6);
    home.next(() -> {});
    home.next(reading::await);
    device.next(reading::countDown);
    List<Buffer> results = run(plan(twice(1, 2), read, negative(read)), home, home, device);
    assertFloats(results.get(0), 2, 4);
    assertFloats(results.get(2), -8, -10, -12);
    assertNothingRuns();
  }

  @Test
  void whoWouldWaitDoesAnotherStepMeanwhile() {
    // Home's first step reads what the device computes, which waits for home's second.
    CountDownLatch second = new CountDownLatch(1);
    Node made = twice(1, 2);
    home.next(second::countDown);
    device.next(second::await);
    List<Buffer> results = run(plan(made, negative(made), twice(3, 4)), device, home, home);
    assertFloats(results.get(1), -2, -4);
    assertFloats(results.get(2), 6, 8);
    // The device goes on while home's second step, the first to begin, is under way.
    assertThat(ended).containsExactlyInAnyOrder("home 0", "device 0", "home 1").endsWith("home 1");
  }

  @Test
  void aFailureOnADeviceArrivesAfterTheStepUnderWayAndNothingElseBegins() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Thread> devices = new AtomicReference<>();
    home.next(
        () -> {
          begun.countDown();
          while (devices.get() == null) {
            Thread.onSpinWait();
          }
          devices.get().join(); // It has failed, and said so.
        });
    device.next(
        () -> {
          begun.await();
          devices.set(Thread.currentThread());
          throw new IllegalStateException("it broke");
        });
    Plan plan = plan(twice(1, 2), twice(3, 4), twice(5, 6));
    assertThatThrownBy(() -> run(plan, home, home, device))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("it broke");
    assertThat(ended).containsExactly("home 0");
    assertThat(home.awaited).hasValue(1);
    assertThat(device.awaited).hasValue(1);
    assertThat(memory.bytesInUse()).isZero();
    assertNothingRuns();
  }

  @Test
  void aFailureAtHomeEndsWhatADeviceDoesIfThatCanBeInterrupted() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    home.next(
        () -> {
          begun.await();
          throw new IllegalStateException("home broke");
        });
    device.next(
        () -> {
          begun.countDown();
          never.await();
        });
    Plan plan = plan(twice(1, 2), twice(3, 4), twice(5, 6));
    assertThatThrownBy(() -> run(plan, home, device, device))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("home broke")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .asString()
                    .contains("device was ended by java.lang.InterruptedException"));
    assertThat(device.launches).hasValue(1);
    assertThat(memory.bytesInUse()).isZero();
    assertNothingRuns();
  }

  @Test
  void anInterruptOfTheCallerStopsAll() {
    Thread caller = Thread.currentThread();
    CountDownLatch never = new CountDownLatch(1);
    device.next(
        () -> {
          caller.interrupt();
          never.await();
        });
    Node made = twice(1, 2);
    Plan plan = plan(made, negative(made), twice(3, 4));
    assertThatThrownBy(() -> run(plan, device, home, home))
        .isInstanceOf(KilnException.class)
        .hasMessageStartingWith("interrupted: ");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(memory.bytesInUse()).isZero();
    assertNothingRuns();
  }

  @Test
  void anInterruptWhileTheCallerHasNothingLeftToDoStopsAll() {
    Thread caller = Thread.currentThread();
    CountDownLatch homeEnded = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    home.next(homeEnded::countDown);
    device.next(
        () -> {
          homeEnded.await();
          while (caller.getState() != Thread.State.WAITING) {
            Thread.onSpinWait(); // It waits for this thread to end.
          }
          caller.interrupt();
          never.await();
        });
    Plan plan = plan(twice(1, 2), twice(3, 4));
    assertThatThrownBy(() -> run(plan, home, device))
        .isInstanceOf(KilnException.class)
        .hasMessageStartingWith("interrupted: ");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(memory.bytesInUse()).isZero();
    assertNothingRuns();
  }

  /** Memory that is short at one allocation, from 1. */
  private Memory shortAt(int allocation) {
    AtomicInteger count = new AtomicInteger();
    return bytes -> {
      if (count.incrementAndGet() == allocation) {
        throw new MemoryLimitException("full");
      }
      return memory.allocate(bytes);
    };
  }

  @Test
  void whereMemoryIsShortStepsRunOneAfterAnother() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Debug debug = new Debug(1, new PrintStream(said, true, StandardCharsets.UTF_8));
    Plan plan = plan(twice(1, 2), twice(3, 4));
    List<Buffer> results = run(plan, shortAt(2), debug, home, device);
    assertFloats(results.get(0), 2, 4);
    assertFloats(results.get(1), 6, 8);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualTo("[kiln] once more, one step after another: full\n");
    results.forEach(Buffer::release);
    assertThat(memory.bytesInUse()).isZero();
    assertNothingRuns();
  }

  @Test
  void whereItIsShortThenTooTheErrorArrives() {
    Memory none =
        bytes -> {
          throw new MemoryLimitException("full");
        };
    Plan plan = plan(twice(1, 2), twice(3, 4));
    assertThatThrownBy(() -> run(plan, none, QUIET, home, device))
        .isInstanceOf(MemoryLimitException.class)
        .hasMessage("full");
    assertThat(ended).isEmpty();
    assertNothingRuns();
  }

  @Test
  void homeComputesWhileADeviceHasWorkAndReadsItWhenItIsDone() {
    CountDownLatch homeRan = new CountDownLatch(1);
    home.next(homeRan::countDown);
    try (LateBackend late = new LateBackend("late", () -> awaitQuietly(homeRan))) {
      Node made = twice(1, 2);
      List<Buffer> results = run(plan(made, negative(made), twice(3, 4)), late, home, home);
      assertFloats(results.get(1), -2, -4);
      assertFloats(results.get(2), 6, 8);
      results.forEach(Buffer::release);
    }
    assertThat(memory.bytesInUse()).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatFailsAfterItsLaunchArrives() {
    Node made = twice(1, 2);
    for (Plan plan : List.of(plan(made, twice(3, 4)), plan(made, twice(3, 4), negative(made)))) {
      CountDownLatch homeRan = new CountDownLatch(1);
      Side fresh = new Side("home");
      fresh.next(homeRan::countDown);
      Backend[] backends = new Backend[plan.steps().size()];
      Arrays.fill(backends, fresh);
      try (LateBackend late =
          new LateBackend(
              "late",
              () -> {
                awaitQuietly(homeRan);
                throw new IllegalStateException("too late");
              })) {
        backends[0] = late;
        assertThatThrownBy(() -> run(plan, backends))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("too late");
        assertThat(fresh.launches).hasValue(1);
      }
      assertThat(memory.bytesInUse()).isZero();
    }
  }

  @Test
  void randomGraphsOnRandomSides() {
    long first = Long.getLong("kiln.fuzz.seed", 20261126);
    int count = Integer.getInteger("kiln.fuzz.count", 400);
    Backend plain = new PlainBackend();
    try (LateBackend one = new LateBackend("one", () -> {});
        LateBackend two = new LateBackend("two", () -> {})) {
      for (long seed = first; seed < first + count; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        Agreement agreement =
            new Agreement(
                roots -> {
                  Plan plan = Compiler.compile(roots).plan();
                  Placement placement =
                      Placements.random(plan, List.of(plain, one, two, device), random);
                  return Runner.run(plan, List.of(), placement, Optional.empty(), memory, QUIET);
                });
        agreement.check("random graph " + seed, GraphFuzzer.generate(seed));
      }
    }
    assertThat(memory.bytesInUse()).isZero();
    assertNothingRuns();
  }

  @Test
  void explainTellsWhatRunsSideBySide() {
    Node made = twice(1, 2);
    Plan plan = plan(made, negative(made), twice(3, 4), twice(5, 6));
    Placement placement = Placements.of(plan, home, List.of(device, home, home, device));
    List<String> where =
        Explain.kernels(plan, placement)
            .lines()
            .filter(line -> line.startsWith("    on "))
            .map(String::strip)
            .toList();
    assertThat(where)
        .containsExactly(
            "on device; beside step 2",
            "on home; beside step 3",
            "on home; beside steps 0, 3",
            "on device; beside steps 1, 2");
    Placement together = Placements.of(plan, home, Collections.nCopies(4, device));
    assertThat(Explain.kernels(plan, together)).doesNotContain("beside");
  }
}
