package dev.kiln.cpu.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heat;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import jdk.incubator.vector.VectorShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vector code of routines becomes hot: it stops allocating, and serves. */
@DisabledIfSystemProperty(named = "kiln.test.noVector", matches = "true")
class HotTest {
  private static final Heat AT_ONCE = new Heat(Heat.When.AT_ONCE);

  static Stream<Hot<?>> all() {
    int bytes = VectorShape.preferredShape().vectorBitSize() / 8;
    return Stream.of(
        Scans.of(Fold.SUM, DType.FLOAT32, true, AT_ONCE),
        Scans.of(Fold.SUM, DType.FLOAT64, true, AT_ONCE),
        Gemms.floats(bytes, AT_ONCE),
        Gemms.doubles(bytes, AT_ONCE),
        Quicks.of(Integer.BYTES, true, AT_ONCE),
        Quicks.of(Long.BYTES, true, AT_ONCE),
        Butterflies.of(true, AT_ONCE));
  }

  @ParameterizedTest
  @MethodSource("all")
  void vectorCodeServes(Hot<?> hot) throws InterruptedException {
    assertThat(hot.describe()).contains("until it is hot");
    // On a busy machine that may be later than who asks waits for.
    for (int tries = 0; tries < 6000 && !hot.describe().equals("vector code"); tries++) {
      Object _ = hot.get();
      Thread.sleep(10);
    }
    assertThat(hot.describe()).isEqualTo("vector code");
    assertThat(hot.get().getClass().getSimpleName()).doesNotStartWith("Scalar");
  }

  @Test
  void scalarCodeServesUntilThen() throws InterruptedException {
    CountDownLatch mayBecomeHot = new CountDownLatch(1);
    try (Heat heat = new Heat(Heat.When.BACKGROUND)) {
      Hot<String> hot = new Hot<>("scalar", "vector", code -> await(mayBecomeHot), heat);
      assertThat(hot.get()).isEqualTo("scalar");
      assertThat(hot.describe()).contains("until it is hot");
      mayBecomeHot.countDown();
      for (int tries = 0; tries < 1000 && hot.get().equals("scalar"); tries++) {
        Thread.sleep(10);
      }
      assertThat(hot.get()).isEqualTo("vector");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void withoutVectorsScalarCodeServes() {
    assertThat(Scans.of(Fold.SUM, DType.FLOAT32, false, AT_ONCE).describe())
        .isEqualTo("scalar code");
    assertThat(Gemms.floats(0, AT_ONCE).get()).isInstanceOf(ScalarFloatGemm.class);
  }
}
