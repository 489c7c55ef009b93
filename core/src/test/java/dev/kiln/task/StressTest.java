package dev.kiln.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random work on 1 to 16 workers, with random failures, cancellations and interrupts: every round
 * ends, with the right answer or a failure that was put there, and leaves nothing running. A round
 * that hangs ends the test with a dump of all threads.
 *
 * <p>{@code -Dkiln.stress.rounds=100000} runs more of them, {@code -Dkiln.stress.seed} others.
 */
class StressTest {
  private static final int ROUNDS = Integer.getInteger("kiln.stress.rounds", 1500);
  private static final long SEED = Long.getLong("kiln.stress.seed", 1);
  private static final long PATIENCE_MILLIS = 30_000;

  private static final Map<Integer, Engine> ENGINES = new HashMap<>();

  /** A failure that a test put there. */
  private static final class Planned extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeAll
  static void open() {
    for (int threads : new int[] {1, 2, 3, 5, 16}) {
      ENGINES.put(threads, Engine.builder().backend("interpreter").threads(threads).build());
    }
  }

  @AfterAll
  static void close() {
    ENGINES.values().forEach(Engine::close);
  }

  @Test
  void everyRoundEndsAsItShould() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED * 1_000_003 + round;
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .name("stress-" + seed)
              .start(() -> wrong.set(catchThrowable(() -> new Round(seed).run())));
      thread.join(PATIENCE_MILLIS);
      if (thread.isAlive()) {
        throw new AssertionError("round " + seed + " hangs\n" + dump());
      }
      if (wrong.get() != null) {
        throw new AssertionError("-Dkiln.stress.seed: round " + seed, wrong.get());
      }
    }
  }

  private static String dump() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              text.append(thread).append(' ').append(thread.getState()).append('\n');
              for (StackTraceElement element : stack) {
                text.append("    at ").append(element).append('\n');
              }
            });
    return text.toString();
  }

  /** One round. */
  private static final class Round {
    private final SplittableRandom random;
    private final Engine engine;
    private final AtomicInteger running = new AtomicInteger();

    /** Where a failure is planned, or −1. */
    private final int failing;

    private final int size;

    Round(long seed) {
      random = new SplittableRandom(seed);
      List<Integer> threads = ENGINES.keySet().stream().sorted().toList();
      engine = ENGINES.get(threads.get(random.nextInt(threads.size())));
      size = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(300);
      failing = size > 0 && random.nextInt(3) == 0 ? random.nextInt(size) : -1;
    }

    void run() {
      switch (random.nextInt(7)) {
        case 0 -> map();
        case 1 -> reduce();
        case 2 -> stream();
        case 3 -> nested();
        case 4 -> interrupted();
        case 5 -> graph();
        default -> future();
      }
      assertThat(running.get()).as("tasks that run on").isZero();
    }

    private Parallel parallel() {
      Parallel parallel = Parallel.with(1 + random.nextInt(16)).on(engine);
      return switch (random.nextInt(3)) {
        case 0 -> parallel.batch(1);
        case 1 -> parallel.batch(1 + random.nextInt(40));
        default -> parallel;
      };
    }

    private List<Integer> inputs() {
      return IntStream.range(0, size).boxed().toList();
    }

    /** A task: it takes from no time to some microseconds, and may fail. */
    private int task(int i) {
      running.incrementAndGet();
      try {
        if (i % 7 == 3) {
          LockSupport.parkNanos(20_000);
        } else if (i % 11 == 5) {
          Thread.yield();
        }
        if (i == failing) {
          throw new Planned();
        }
        return 3 * i;
      } finally {
        running.decrementAndGet();
      }
    }

    private void checked(Throwable thrown) {
      if (failing < 0) {
        assertThat(thrown).isNull();
      } else {
        assertThat(thrown).isInstanceOf(Planned.class);
      }
    }

    private void map() {
      List<Integer> results = new ArrayList<>();
      checked(catchThrowable(() -> results.addAll(parallel().map(inputs(), this::task))));
      if (failing < 0) {
        assertThat(results).isEqualTo(inputs().stream().map(i -> 3 * i).toList());
      }
    }

    private void reduce() {
      AtomicReference<String> joined = new AtomicReference<>();
      checked(
          catchThrowable(
              () ->
                  joined.set(
                      parallel().reduce(inputs(), i -> "," + task(i), String::concat).orElse(""))));
      if (failing < 0) {
        assertThat(joined.get())
            .isEqualTo(String.join("", inputs().stream().map(i -> "," + 3 * i).toList()));
      }
    }

    private void stream() {
      boolean asCompleted = random.nextBoolean();
      int wanted = random.nextBoolean() ? size : random.nextInt(size + 1);
      Parallel parallel = parallel().ahead(1 + random.nextInt(50));
      List<Integer> results = new ArrayList<>();
      Throwable thrown =
          catchThrowable(
              () -> {
                try (Stream<Integer> stream =
                    (asCompleted ? parallel.asCompleted() : parallel)
                        .stream(inputs(), this::task)) {
                  stream.limit(wanted).forEach(results::add);
                }
              });
      assertThat(results).doesNotHaveDuplicates();
      if (!asCompleted) {
        assertThat(results)
            .isEqualTo(inputs().stream().limit(results.size()).map(i -> 3 * i).toList());
      }
      if (thrown == null) {
        assertThat(results).hasSize(wanted);
      } else {
        assertThat(failing).isNotNegative();
        assertThat(thrown).isInstanceOf(Planned.class);
      }
    }

    private void nested() {
      int inner = random.nextInt(20);
      Parallel within = parallel();
      List<Integer> results = new ArrayList<>();
      checked(
          catchThrowable(
              () ->
                  results.addAll(
                      parallel()
                          .map(
                              inputs(),
                              i ->
                                  task(i)
                                      + within
                                          .reduce(Inputs.range(0, inner), j -> j, Integer::sum)
                                          .orElse(0)))));
      if (failing < 0) {
        int sum = inner * (inner - 1) / 2;
        assertThat(results).isEqualTo(inputs().stream().map(i -> 3 * i + sum).toList());
      }
    }

    private void interrupted() {
      Thread caller = Thread.currentThread();
      long delay = random.nextInt(300_000);
      Thread interrupter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    LockSupport.parkNanos(delay);
                    caller.interrupt();
                  });
      Throwable thrown = catchThrowable(() -> parallel().map(inputs(), this::task));
      while (interrupter.isAlive()) {
        Thread.onSpinWait();
      }
      boolean kept = Thread.interrupted();
      if (thrown instanceof Planned) {
        // It may have come together with the interrupt of the task, which ends with the call.
        assertThat(failing).isNotNegative();
        return;
      }
      assertThat(kept).as("the interrupt is kept").isTrue();
      if (thrown != null) {
        assertThat(thrown).isInstanceOf(KilnException.class).hasMessageContaining("interrupted");
      }
    }

    /** A random graph: each call adds the values of some before it. */
    private List<Delayed<Long>> calls() {
      List<Delayed<Long>> calls = new ArrayList<>();
      for (int i = 0; i < Math.max(1, size); i++) {
        int number = i;
        List<Delayed<Long>> some = new ArrayList<>();
        for (int k = random.nextInt(4); k > 0 && i > 0; k--) {
          some.add(calls.get(Math.max(0, i - 1 - random.nextInt(i > 9 ? 9 : i))));
        }
        calls.add(
            Delayed.delayed(
                (List<Long> values) -> {
                  long sum = task(number);
                  for (long value : values) {
                    sum = 31 * sum + value;
                  }
                  return sum;
                },
                some));
      }
      return calls;
    }

    private void graph() {
      List<Delayed<Long>> calls = calls();
      Parallel parallel = random.nextBoolean() ? parallel() : parallel().liveBytes(1);
      List<Long> values = new ArrayList<>();
      checked(catchThrowable(() -> values.addAll(parallel.computeAll(calls))));
      if (failing < 0) {
        assertThat(values).isEqualTo(Parallel.with(1).computeAll(calls));
      }
    }

    private void future() {
      List<Delayed<Long>> calls = calls();
      Future<Long> future = parallel().submit(calls.getLast());
      long delay = random.nextInt(200_000);
      boolean cancels = random.nextBoolean();
      LockSupport.parkNanos(delay);
      boolean cancelled = cancels && future.cancel(true);
      Throwable thrown =
          catchThrowable(
              () -> {
                while (true) {
                  try {
                    future.get(1, TimeUnit.MILLISECONDS);
                    return;
                  } catch (TimeoutException e) {
                    Thread.onSpinWait();
                  }
                }
              });
      if (cancelled) {
        assertThat(thrown).isInstanceOf(CancellationException.class);
        // Cancelling does not wait for the task under way.
        while (running.get() > 0) {
          Thread.onSpinWait();
        }
      } else if (thrown != null) {
        assertThat(failing).isNotNegative();
        assertThat(thrown).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(Planned.class);
      }
    }
  }
}
