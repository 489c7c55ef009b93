package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a class in a Java of its own. */
final class OtherJava {
  private OtherJava() {}

  /** All that it prints; it must end well. */
  static String run(Class<?> main, Map<String, String> environment, String... options) {
    try {
      ProcessBuilder java =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"));
      java.command().addAll(List.of(options));
      java.command().add(main.getName());
      java.environment().putAll(environment);
      java.redirectErrorStream(true);
      Process process = java.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(text).isZero();
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
