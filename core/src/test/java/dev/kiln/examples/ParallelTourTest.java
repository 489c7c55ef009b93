package dev.kiln.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParallelTourTest {
  @Test
  void everyExampleDoesWhatItSays(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThat(ParallelTour.roots()).hasSize(10).startsWith(0.0, 1.0).endsWith(9.0);
    assertThat(ParallelTour.failure(List.of("1", "2", "x"))).isEqualTo(2);
    assertThat(ParallelTour.retry(List.of(file))).containsExactly("text");
    assertThat(ParallelTour.blocking(List.of(file))).containsExactly(4L);
    assertThat(ParallelTour.initialiser(List.of("".getBytes(StandardCharsets.UTF_8))).getFirst())
        .startsWith("e3b0c44298fc1c14");
    assertThat(ParallelTour.starmap()).containsExactly(1024.0);
    assertThat(ParallelTour.reduce()).isCloseTo(7.485470860550345, within(1e-12));
    assertThat(ParallelTour.stream(List.of("a", "bc", "", "d"))).containsExactly(1, 2);
  }
}
