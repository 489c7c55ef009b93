package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EngineScopeTest {
  private static Engine first;
  private static Engine second;

  @BeforeAll
  static void open() {
    first = Engine.builder().backend("interpreter").threads(1).build();
    second = Engine.builder().backend("interpreter").threads(1).build();
  }

  @AfterAll
  static void close() {
    first.close();
    second.close();
  }

  @Test
  void scopesNestAndAreRestored() {
    Engine outside = Kiln.engine();
    try (EngineScope _ = Kiln.using(first)) {
      assertThat(Kiln.arange(3).engine()).isSameAs(first);
      try (EngineScope _ = Kiln.using(second)) {
        assertThat(Kiln.arange(3).engine()).isSameAs(second);
      }
      assertThat(Kiln.engine()).isSameAs(first);
      assertThatThrownBy(
              () -> {
                try (EngineScope _ = Kiln.using(second)) {
                  throw new IllegalStateException("inside");
                }
              })
          .hasMessage("inside");
      assertThat(Kiln.engine()).isSameAs(first);
    }
    assertThat(Kiln.engine()).isSameAs(outside);
  }

  @Test
  void otherThreadsSeeNothingOfAScope() throws InterruptedException {
    AtomicReference<Engine> seen = new AtomicReference<>();
    try (EngineScope _ = Kiln.using(first)) {
      Thread other = Thread.ofPlatform().start(() -> seen.set(Kiln.engine()));
      other.join();
    }
    assertThat(seen.get()).isSameAs(Kiln.engine()).isNotSameAs(first);
  }

  @Test
  void scopesAreClosedLastOneFirst() {
    EngineScope outer = Kiln.using(first);
    EngineScope inner = Kiln.using(second);
    assertThatThrownBy(outer::close)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("innermost");
    assertThat(Kiln.engine()).isSameAs(second);
    inner.close();
    inner.close();
    assertThat(Kiln.engine()).isSameAs(first);
    outer.close();
  }
}
