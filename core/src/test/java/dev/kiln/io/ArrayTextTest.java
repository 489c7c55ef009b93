package dev.kiln.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what NumPy prints; {@code tools/make-text-fixtures.py} made the files. */
class ArrayTextTest {
  private static final String SEPARATOR = "\n%%\n";

  static List<String> fixtures() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.path("text"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".npy"))
          .map(name -> name.substring(0, name.length() - 4))
          .sorted()
          .toList();
    }
  }

  @Test
  void theFixturesAreThere() throws IOException {
    assertThat(fixtures()).hasSizeGreaterThan(60);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void printsAsNumPy(String name) throws IOException {
    NpyArray array = NpyFile.read(Fixtures.path("text/" + name + ".npy"));
    assertThat(array.fortranOrder()).isFalse();
    String expected = Files.readString(Fixtures.path("text/" + name + ".txt"));
    int dropped = name.startsWith("rows-") || name.startsWith("scalars-") ? 1 : 0;
    assertThat(String.join(SEPARATOR, print(array, dropped)) + "\n").isEqualTo(expected);
  }

  /** The texts of the sub-arrays that remain when the first axes are indexed. */
  private static List<String> print(NpyArray array, int dropped) {
    Shape shape = array.shape();
    if (dropped == 0) {
      return List.of(ArrayText.of(array.dtype(), shape, array.data()));
    }
    Shape rest = shape.rank() == 2 ? Shape.of(shape.extent(1)) : Shape.of();
    long bytes = rest.size() * array.dtype().bytes();
    List<String> texts = new ArrayList<>();
    for (long i = 0; i < shape.extent(0); i++) {
      texts.add(ArrayText.of(array.dtype(), rest, array.data().asSlice(i * bytes, bytes)));
    }
    return texts;
  }

  @Test
  void doesNotReadWhatItLeavesOut() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(8 * 2000);
      for (int i = 0; i < 2000; i++) {
        data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, i >= 3 && i < 1997 ? 1e300 : i);
      }
      assertThat(ArrayText.of(DType.FLOAT64, Shape.of(2000), data))
          .isEqualTo("[0.000e+00 1.000e+00 2.000e+00 ... 1.997e+03 1.998e+03 1.999e+03]");
    }
  }
}
