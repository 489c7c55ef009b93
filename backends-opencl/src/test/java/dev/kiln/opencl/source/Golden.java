package dev.kiln.opencl.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code -Dkiln.golden.update=true} writes the golden files anew; review them as a diff. */
final class Golden {
  private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

  private Golden() {}

  /** Fails where a text is not as recorded. */
  static void check(String name, String text) throws IOException {
    Path file = FOLDER.resolve(name + ".cl");
    if (Boolean.getBoolean("kiln.golden.update")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }
}
