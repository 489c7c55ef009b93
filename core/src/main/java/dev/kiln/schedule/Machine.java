package dev.kiln.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this machine's processor is called. */
final class Machine {
  private static final System.Logger LOGGER = System.getLogger(Machine.class.getName());
  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The model where the system tells, and the architecture. */
  static String processor() {
    String kind = System.getProperty("os.arch");
    if (!Files.isReadable(INFO)) {
      return kind;
    }
    try (Stream<String> lines = Files.lines(INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .map(model -> model + ", " + kind)
          .orElse(kind);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "no name of the processor: {0}", e.toString());
      return kind;
    }
  }
}
