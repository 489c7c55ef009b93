package dev.kiln.cpu;

import dev.kiln.spi.Availability;
import dev.kiln.spi.Backend;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Workers;

/**
 * The CPU backend; there is always one. Without the Vector API it runs scalar code, and says so.
 */
public final class CpuProvider implements BackendProvider {
  static final String NAME = "cpu";

  private final VectorUnit unit = VectorUnit.detect();

  /** Creates the provider, as {@link java.util.ServiceLoader} does. */
  public CpuProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    return new Availability.Ready(unit.describe());
  }

  @Override
  public Backend open(Workers workers, Memory memory) {
    if (!unit.isPresent()) {
      System.getLogger(CpuProvider.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "Kiln computes without vectors, several times slower: {0}",
              unit.reason());
    }
    return new CpuBackend(unit, Settings.ofProperties(), workers, memory);
  }
}
