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
 * Every Java example of the README stands, line by line, in one of the tours, which their tests
 * compile and run.
 */
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void examplesAreThoseThatAreRun() throws IOException {
    StringBuilder tour = new StringBuilder();
    try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/kiln/examples"))) {
      for (Path file : files.filter(file -> file.toString().endsWith("Tour.java")).toList()) {
        tour.append(plain(Files.readString(file)));
      }
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
