package dev.kiln.cpu.heat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Code has its turns, and is not given up while the compiler may still come to it. */
class HeatQueueTest {
  private static final long MILLISECOND = 1_000_000;

  private final List<String> finished = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch all = new CountDownLatch(2);

  /** Code that allocates until it has been called often enough. */
  private final class Code implements Heatable {
    private final String name;
    private final long coldCalls;
    private long calls;
    private byte @Nullable [] box;

    Code(String name, long coldCalls) {
      this.name = name;
      this.coldCalls = coldCalls;
    }

    @Override
    public void exercise() {
      if (calls++ < coldCalls) {
        box = new byte[100];
      }
    }

    @Override
    public void finish(boolean hot) {
      assertThat(box).hasSize(100);
      finished.add(name + " " + hot);
      all.countDown();
    }
  }

  @Test
  void whatNeverBecomesHotIsGivenUpAtLast() {
    try (Heat heat = new Heat(Heat.When.AT_ONCE, MILLISECOND)) {
      heat.start(() -> new Code("never", Long.MAX_VALUE));
    }
    assertThat(finished).containsExactly("never false");
  }

  @Test
  void othersDoNotWaitForIt() throws InterruptedException {
    try (Heat heat = new Heat(Heat.When.BACKGROUND, 20 * MILLISECOND)) {
      heat.start(() -> new Code("never", Long.MAX_VALUE));
      heat.start(() -> new Code("soon", 1000));
      assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(finished).containsExactly("soon true", "never false");
  }

  @Test
  void oneTurnNeedNotBeEnough() {
    try (Heat heat = new Heat(Heat.When.AT_ONCE, 10 * MILLISECOND)) {
      // The first turn has 60 rounds without rest, and ten with rest, of a hundred calls.
      heat.start(() -> new Code("slow", 8000));
    }
    assertThat(finished).containsExactly("slow true");
  }
}
