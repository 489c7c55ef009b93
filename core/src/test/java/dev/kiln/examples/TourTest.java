package dev.kiln.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kiln.Kiln;
import dev.kiln.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TourTest {
  @Test
  void everyExampleDoesWhatItSays(@TempDir Path folder) {
    assertThat(Tour.first()).isEqualTo(162);
    assertThat(Tour.standardise().shape()).isEqualTo(Shape.of(100, 10));
    assertThat(Tour.slices()).containsExactly(Shape.of(2, 1, 4), Shape.of(2, 3, 4), Shape.of(3));
    assertThat(Tour.relu()).containsExactly(0f, 0f, 2f);
    assertThat(Tour.together().getFirst()).isCloseTo(Math.sin(1) * Math.E, within(1e-12));
    assertThat(Tour.together().getLast()).isCloseTo(Math.sin(-1) / Math.E, within(1e-12));
    assertThat(Tour.wrapped()).isEqualTo(4);
    assertThat(Tour.engine()).isEqualTo(5050);
    assertThat(Tour.using(Kiln.engine())).isEqualTo(5050);
    assertThat(Tour.dumped(folder)).isEqualTo(2.5);
  }
}
