package dev.kiln.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SharesTest {
  @Test
  void eachTakesItsOwnInOrderAndThenWhatIsLeft() {
    Shares shares = new Shares(10, 3);
    assertThat(shares.take(1)).isEqualTo(4);
    assertThat(shares.take(0)).isEqualTo(0);
    assertThat(shares.take(2)).isEqualTo(7);
    assertThat(shares.take(1)).isEqualTo(5);
    List<Long> rest = new ArrayList<>();
    for (long chunk = shares.take(1); chunk >= 0; chunk = shares.take(1)) {
      rest.add(chunk);
    }
    assertThat(rest).containsExactly(6L, 8L, 9L, 1L, 2L, 3L);
  }

  @Test
  void everyChunkIsTakenOnceWhoeverTakes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      int chunks = random.nextInt(20);
      int workers = 1 + random.nextInt(6);
      Shares shares = new Shares(chunks, workers);
      List<Long> taken = new ArrayList<>();
      for (int k = 0; k < chunks; k++) {
        taken.add(shares.take(random.nextInt(workers)));
      }
      assertThat(taken)
          .as("seed %s, round %s", seed, round)
          .containsExactlyInAnyOrderElementsOf(LongStream.range(0, chunks).boxed().toList());
      for (int worker = 0; worker < workers; worker++) {
        assertThat(shares.take(worker)).isEqualTo(-1);
      }
    }
  }

  @Test
  void nothingIsTakenAfterItIsClosed() {
    Shares shares = new Shares(5, 2);
    assertThat(shares.take(0)).isEqualTo(0);
    assertThat(shares.close()).isTrue();
    assertThat(shares.take(0)).isEqualTo(-1);
    assertThat(shares.take(1)).isEqualTo(-1);
    assertThat(shares.close()).isFalse();
    assertThat(new Shares(0, 2).close()).isFalse();
  }
}
