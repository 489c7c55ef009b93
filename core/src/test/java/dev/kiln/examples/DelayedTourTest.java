package dev.kiln.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DelayedTourTest {
  @Test
  void everyExampleDoesWhatItSays() throws Exception {
    assertThat(DelayedTour.compose()).isCloseTo(Math.sin(1) / (1 - Math.cos(1)), within(1e-3));
    assertThat(DelayedTour.list()).isEqualTo(11);
    assertThat(DelayedTour.submit()).isEqualTo(4);
  }
}
