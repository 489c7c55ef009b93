package dev.kiln.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.kiln.spi.Availability;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Device;
import dev.kiln.spi.UserCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kiln doctor}: checks the machine and the Java installation. */
@Command(
    name = "doctor",
    description =
        "Check what Kiln needs here, and say what to do; exit code 1 if something is missing.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DoctorCommand implements Callable<Integer> {
  private static final int JAVA = 25;
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** Picocli makes it. */
  DoctorCommand() {}

  /** How a check ended. */
  enum Outcome {
    GOOD("ok     "),
    SLOWER("slower "),
    MISSING("MISSING");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }
  }

  /**
   * One check.
   *
   * @param outcome how it ended
   * @param finding what was found
   * @param cure what to do, empty of nothing
   */
  record Check(Outcome outcome, String finding, String cure) {
    static Check good(String finding) {
      return new Check(Outcome.GOOD, finding, "");
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Check> checks = new ArrayList<>(List.of(java(), vectorModule(), nativeAccess()));
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      checks.add(backend(provider));
      provider.devices().forEach(device -> checks.add(device(device)));
    }
    checks.add(Check.good("TornadoVM: Kiln has no backend for it yet, and needs nothing of it"));
    checks.add(cacheFolder(UserCache.folder()));
    checks.add(fusedMultiplyAdd());
    checks.add(hugePages());
    checks.add(memory());
    checks.add(Check.good(Runtime.getRuntime().availableProcessors() + " cores"));
    boolean missing = false;
    for (Check check : checks) {
      out.println(check.outcome.label + "  " + check.finding);
      if (!check.cure.isEmpty()) {
        out.println("         " + check.cure);
      }
      missing |= check.outcome == Outcome.MISSING;
    }
    return missing ? Main.FAILED : 0;
  }

  private static Check java() {
    Runtime.Version version = Runtime.version();
    String finding = "Java " + version + ", " + System.getProperty("java.vendor");
    return version.feature() == JAVA
        ? Check.good(finding)
        : new Check(Outcome.MISSING, finding, "install Java " + JAVA + " and start kiln with it");
  }

  private static Check vectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? Check.good("Vector API module")
        : new Check(
            Outcome.MISSING,
            "no Vector API module",
            "start Java with --add-modules jdk.incubator.vector, as the kiln launcher does");
  }

  private static Check nativeAccess() {
    return DoctorCommand.class.getModule().isNativeAccessEnabled()
        ? Check.good("native access")
        : new Check(
            Outcome.MISSING,
            "native access is not enabled",
            "start Java with --enable-native-access=ALL-UNNAMED, as the kiln launcher does");
  }

  private static Check backend(BackendProvider provider) {
    return switch (provider.availability()) {
      case Availability.Ready ready ->
          Check.good("backend " + provider.name() + ": " + ready.detail());
      case Availability.Missing missing ->
          new Check(
              Outcome.SLOWER,
              "backend " + provider.name() + " cannot run: " + missing.reason(),
              missing.cure());
    };
  }

  private static Check device(Device device) {
    String finding = "device " + DevicesCommand.line(device);
    return device.remarks().isEmpty()
        ? Check.good(finding)
        : new Check(Outcome.SLOWER, finding, String.join("; ", device.remarks()));
  }

  /** Where compiled programs and figures of devices are kept. */
  static Check cacheFolder(Path folder) {
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return Files.isDirectory(existing) && Files.isWritable(existing)
        ? Check.good("cache folder " + folder + (existing.equals(folder) ? "" : ", not made yet"))
        : new Check(
            Outcome.SLOWER,
            "nothing can be kept in the cache folder " + folder,
            "make it a folder that you may write to, or let XDG_CACHE_HOME name another");
  }

  private static Check fusedMultiplyAdd() {
    boolean x86 = System.getProperty("os.arch").equals("amd64");
    if (!x86) {
      return Check.good("fused multiply-add: every processor of this kind has it");
    }
    try {
      boolean found = Files.readString(PROCESSORS).contains(" fma ");
      return found
          ? Check.good("fused multiply-add in hardware")
          : new Check(
              Outcome.SLOWER,
              "no fused multiply-add: functions are right but very slow",
              "use a processor with FMA (Intel since 2013, AMD since 2012)");
    } catch (IOException e) {
      return Check.good("fused multiply-add: not known here (" + PROCESSORS + " cannot be read)");
    }
  }

  private static Check hugePages() {
    try {
      String setting = Files.readString(HUGE_PAGES).strip();
      return setting.contains("[never]")
          ? new Check(
              Outcome.SLOWER,
              "transparent huge pages are off",
              "let the administrator run: echo madvise > " + HUGE_PAGES)
          : Check.good("transparent huge pages: " + setting);
    } catch (IOException e) {
      return Check.good(
          "transparent huge pages: not known here (" + HUGE_PAGES + " cannot be read)");
    }
  }

  private static Check memory() {
    String heap = ", Java heap up to " + gibibytes(Runtime.getRuntime().maxMemory());
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? Check.good(
            gibibytes(system.getTotalMemorySize())
                + " memory, "
                + gibibytes(system.getFreeMemorySize())
                + " free"
                + heap)
        : Check.good("memory: not known here" + heap);
  }

  private static String gibibytes(long bytes) {
    return String.format(java.util.Locale.ROOT, "%.1f GiB", bytes / 0x1p30);
  }
}
