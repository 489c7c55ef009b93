package dev.kiln.cli;

import dev.kiln.spi.Availability;
import dev.kiln.spi.BackendProvider;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kiln devices}: which backends there are, and why one cannot run. */
@Command(
    name = "devices",
    description = "List the backends, whether they can run here, and if not what to do.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DevicesCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** Picocli makes it. */
  DevicesCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      switch (provider.availability()) {
        case Availability.Ready ready ->
            out.println(provider.name() + ": ready, " + ready.detail());
        case Availability.Missing missing -> {
          out.println(provider.name() + ": missing, " + missing.reason());
          out.println("  " + missing.cure());
        }
      }
    }
    out.println("interpreter: ready, slow and plain; it defines every operation");
  }
}
