package dev.kiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a terminal is shown of long work. */
@Timeout(60)
class ProgressTest {
  private static final String CLEAR = "\r\u001b[K";

  private final StringWriter shown = new StringWriter();
  private final PrintWriter err = new PrintWriter(shown, true);

  @Test
  void whatIsNoTerminalIsShownNothing() throws InterruptedException {
    try (Progress progress = new Progress(err, false, Duration.ofMillis(1))) {
      progress.at("working", 1, 2);
      Thread.sleep(50);
      progress.clear();
    }
    assertThat(shown.toString()).isEmpty();
  }

  @Test
  void quickWorkIsShownNothing() {
    try (Progress progress = new Progress(err, true, Duration.ofHours(1))) {
      progress.at("working");
    }
    assertThat(shown.toString()).isEmpty();
  }

  @Test
  void longWorkHasABarThatIsGoneAfterwards() throws InterruptedException {
    try (Progress progress = new Progress(err, true, Duration.ofMillis(5))) {
      progress.at("writing x.npy", 50, 100);
      await("50%");
      assertThat(shown.toString()).contains("writing x.npy").contains("50/100");
      progress.at("thinking");
      await("thinking");
    }
    String all = shown.toString();
    assertThat(all).endsWith(CLEAR).doesNotContain("\n");
    Thread.sleep(50);
    assertThat(shown.toString()).isEqualTo(all);
  }

  private void await(String text) throws InterruptedException {
    while (!shown.toString().contains(text)) {
      Thread.sleep(5);
    }
  }
}
