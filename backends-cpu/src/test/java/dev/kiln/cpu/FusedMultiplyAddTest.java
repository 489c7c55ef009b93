package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.Engine;
import dev.kiln.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Runs twice in the build: as it is, and with {@code -XX:-UseFMA}. */
class FusedMultiplyAddTest {
  private static final boolean EXPECTED = !Boolean.getBoolean("kiln.test.noFma");

  /** What was logged while some work was done. */
  private static List<String> logged(Runnable work) {
    List<String> messages = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord message) {
            messages.add(message.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(FusedMultiplyAdd.class.getName());
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    return messages;
  }

  @Test
  void theJvmTells() {
    assertThat(FusedMultiplyAdd.inHardware()).isEqualTo(EXPECTED);
  }

  @Test
  void anEngineWithoutItSaysSoOnceAndStaysRight() {
    List<String> messages =
        logged(
            () -> {
              try (Engine cpu = Engine.builder().backend("cpu").threads(2).build();
                  Engine interpreter = Engine.builder().backend("interpreter").build()) {
                assertThat(cpu.describe().contains(FusedMultiplyAdd.MISSING))
                    .isNotEqualTo(EXPECTED);
                assertThat(bits(cpu)).isEqualTo(bits(interpreter));
              }
            });
    assertThat(messages).isEqualTo(EXPECTED ? List.of() : List.of(FusedMultiplyAdd.MISSING));
  }

  private static List<Double> bits(Engine engine) {
    List<Double> values = new ArrayList<>();
    NDArray x = engine.linspace(-3, 3, 301);
    for (NDArray y : List.of(x.exp(), x.sin(), x.tanh(), x.abs().log())) {
      for (double value : y.toDoubleArray()) {
        values.add(value);
      }
    }
    return values;
  }
}
