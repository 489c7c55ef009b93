package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Java example of the README stands, line by line, in a tour that a test compiles and runs:
 * core's, and those of memoised functions, stores and users' own kernels.
 */
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void examplesAreThoseThatAreRun() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder :
        List.of(
            "src/test/java/dev/kiln/examples",
            "../cache-store/src/test/java/dev/kiln/memo",
            "../cache-store/src/test/java/dev/kiln/store",
            "../backends-opencl/src/test/java/dev/kiln/opencl/own")) {
      try (Stream<Path> all = Files.list(Path.of(folder))) {
        all.filter(file -> file.toString().endsWith("Tour.java")).forEach(files::add);
      }
    }
    StringBuilder tour = new StringBuilder();
    for (Path file : files) {
      tour.append(plain(Files.readString(file))).append('\n');
    }
    List<String> examples = new ArrayList<>();
    Matcher matcher = JAVA.matcher(Files.readString(Path.of("../README.md")));
    while (matcher.find()) {
      examples.add(plain(matcher.group(1)));
    }
    assertThat(examples).hasSizeGreaterThan(4);
    for (String example : examples) {
      assertThat(tour.toString()).contains(example);
    }
  }

  /** Without indentation, so that only the words count. */
  private static String plain(String text) {
    return String.join("\n", text.lines().map(String::strip).toList());
  }
}
