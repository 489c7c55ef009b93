package dev.kiln.jmh;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where and how results were made, in lines {@code key: value}.
 *
 * @param facts in the order in which they are to be read
 */
record RunRecord(Map<String, String> facts) {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** What can be said of this process. */
  static RunRecord here() throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    // Both given by jmh-benchmarks/run; the commit with "-dirty" where sources differ from it.
    facts.put("command", System.getProperty("kiln.command", "unknown"));
    facts.put("commit", System.getProperty("kiln.commit", "unknown"));
    facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    facts.put("processor", processor());
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", (memoryBytes() >> 30) + " GiB");
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "java", System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"));
    facts.put("libraries", libraries());
    return new RunRecord(facts);
  }

  void write(Path file) throws IOException {
    Files.writeString(
        file,
        facts.entrySet().stream()
            .map(fact -> fact.getKey() + ": " + fact.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  private static String processor() throws IOException {
    if (Files.isReadable(PROCESSOR)) {
      try (Stream<String> lines = Files.lines(PROCESSOR)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
      }
    }
    return System.getProperty("os.arch");
  }

  private static long memoryBytes() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getTotalMemorySize();
  }

  /** The jars' names have their versions. */
  private static String libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(name -> name.endsWith(".jar"))
        .map(name -> name.substring(0, name.length() - ".jar".length()))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
