package dev.kiln.cpu.heat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Code has its turns, and is not given up while the compiler may still come to it. */
class HeatQueueTest {
  /** Code that allocates until it has been called often enough. */
  private static final class Code implements Heatable {
    private final long coldRounds;
    private final CountDownLatch hot = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch called = new CountDownLatch(30);
    private volatile byte @Nullable [] box;
    private long rounds;

    Code(long coldRounds) {
      this.coldRounds = coldRounds;
    }

    @Override
    public boolean exercise() {
      called.countDown();
      if (rounds++ < coldRounds) {
        box = new byte[100];
      }
      return true;
    }

    @Override
    public long tolerated() {
      return 0;
    }

    @Override
    public void finish() {
      assertThat(box).hasSize(100);
      hot.countDown();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void othersDoNotWaitForWhatDoesNotBecomeHot() throws InterruptedException {
    Code never = new Code(Long.MAX_VALUE);
    Code soon = new Code(20);
    try (Heat heat = new Heat(Heat.When.BACKGROUND)) {
      heat.start(() -> never);
      assertThat(never.called.await(60, TimeUnit.SECONDS)).isTrue();
      heat.start(() -> soon);
      assertThat(soon.hot.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(soon.closed.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(never.closed.getCount()).isEqualTo(1);
    }
    assertThat(never.closed.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(never.hot.getCount()).isEqualTo(1);
  }

  @Test
  void whatTakesLongIsNotGivenUp() {
    // 24 rounds without rest, and eight with ever longer ones.
    Code slow = new Code(32);
    try (Heat heat = new Heat(Heat.When.AT_ONCE)) {
      heat.start(() -> slow);
      assertThat(slow.hot.getCount()).isZero();
    }
  }

  @Test
  void workThatIsRunningHasTheProcessorFirst() throws InterruptedException {
    Code code = new Code(1);
    try (Heat heat = new Heat(Heat.When.BACKGROUND)) {
      heat.begin();
      heat.start(() -> code, 0, TimeUnit.HOURS.toNanos(1));
      assertThat(code.closed.await(100, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(code.rounds).isZero();
      heat.end();
      assertThat(code.hot.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void workThatBeginsLaterHasNot() throws InterruptedException {
    Code code = new Code(1);
    try (Heat heat = new Heat(Heat.When.BACKGROUND)) {
      heat.start(() -> code, 0, TimeUnit.HOURS.toNanos(1));
      heat.begin();
      assertThat(code.hot.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void nothingWaitsForWorkWithoutEnd() throws InterruptedException {
    Code code = new Code(1);
    try (Heat heat = new Heat(Heat.When.BACKGROUND)) {
      heat.begin();
      heat.start(() -> code, 0, TimeUnit.MILLISECONDS.toNanos(20));
      assertThat(code.hot.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatIsForLaterWaits() throws InterruptedException {
    Code later = new Code(1);
    Code now = new Code(1);
    try (Heat heat = new Heat(Heat.When.BACKGROUND)) {
      heat.start(() -> later, TimeUnit.HOURS.toNanos(1), 0);
      heat.start(() -> now);
      assertThat(now.hot.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(later.rounds).isZero();
    }
  }

  @Test
  void closedItHeatsNothing() {
    Code code = new Code(1);
    Heat heat = new Heat(Heat.When.AT_ONCE);
    heat.close();
    heat.start(() -> code);
    assertThat(code.rounds).isZero();
  }
}
