package dev.kiln.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.kiln.cli.bench.Json;
import dev.kiln.spi.Availability;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Device;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kiln devices}: which backends and devices there are, and why one cannot run. */
@Command(
    name = "devices",
    description =
        "List the backends and their devices; whether they can run here, and if not what to do.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DevicesCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--json", description = "Print a JSON object on a line for each device.")
  private boolean json;

  /** Picocli makes it. */
  DevicesCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      String name = provider.name();
      switch (provider.availability()) {
        case Availability.Ready ready when json ->
            devices(provider).forEach(device -> out.println(json(name, device)));
        case Availability.Ready ready -> {
          out.println(name + ": ready, " + ready.detail());
          devices(provider).forEach(device -> print(out, device));
        }
        case Availability.Missing(String reason, String cure) when json ->
            out.println(
                state(name, "missing").with("reason", reason).with("cure", cure).toString());
        case Availability.Missing(String reason, String cure) -> {
          out.println(name + ": missing, " + reason);
          out.println("  " + cure);
        }
      }
    }
    out.println(
        json
            ? json("interpreter", machine("interpreter"))
            : "interpreter: ready, slow and plain; it defines every operation");
  }

  /** A provider's devices; the machine itself where it has none to choose from. */
  static List<Device> devices(BackendProvider provider) {
    List<Device> devices = provider.devices();
    return devices.isEmpty() ? List.of(machine(provider.name())) : devices;
  }

  private static Device machine(String backend) {
    long memory =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    int cores = Runtime.getRuntime().availableProcessors();
    String java = "Java " + Runtime.version();
    return new Device(backend, "this machine", "cpu", memory, cores, true, java, List.of());
  }

  private static void print(PrintWriter out, Device device) {
    out.println("  " + line(device));
    device.remarks().forEach(remark -> out.println("    " + remark));
  }

  /** A device in a line. */
  static String line(Device device) {
    return String.format(
        Locale.ROOT,
        "%s: %s (%s), %.1f GiB, %d %s, %s; %s",
        device.choice(),
        device.name(),
        device.kind(),
        device.memoryBytes() / 0x1p30,
        device.units(),
        device.units() == 1 ? "unit" : "units",
        device.float64() ? "float64" : "no float64",
        device.driver());
  }

  private static Json state(String backend, String state) {
    return new Json().with("backend", backend).with("state", state);
  }

  private static String json(String backend, Device device) {
    return state(backend, "ready")
        .with("device", device.choice())
        .with("name", device.name())
        .with("kind", device.kind())
        .with("memory_bytes", device.memoryBytes())
        .with("units", device.units())
        .with("float64", device.float64())
        .with("driver", device.driver())
        .with("remarks", String.join("; ", device.remarks()))
        .toString();
  }
}
