package dev.kiln.cli;

import dev.kiln.Engine;
import dev.kiln.spi.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** What the command line may ask of an engine; whether the machine has it, the engine finds out. */
final class EngineWords {
  private EngineWords() {}

  /** A number of threads. */
  static int threads(int count) {
    if (count < 1 || count > Engine.MOST_THREADS) {
      throw new UsageException(
          "--threads "
              + count
              + " makes no sense; it must be at least 1 and at most "
              + Engine.MOST_THREADS);
    }
    return count;
  }

  /** A limit of memory in bytes. */
  static long memory(String size) {
    long bytes = Sizes.parse("--memory", size);
    if (bytes < Engine.LEAST_MEMORY) {
      throw new UsageException(
          "--memory '"
              + size
              + "' is too little to compute in; it must be at least "
              + (Engine.LEAST_MEMORY >> 20)
              + "m");
    }
    return bytes;
  }

  /** The name of a backend, perhaps with a device, which need not be there. */
  static String backend(String name) {
    if (name.equals("auto") || name.equals("interpreter")) {
      return name;
    }
    List<String> others = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class).forEach(provider -> others.add(provider.name()));
    int colon = name.indexOf(':');
    if (!others.contains(colon < 0 ? name : name.substring(0, colon))) {
      throw new UsageException(
          "--backend '"
              + name
              + "' is unknown; expected one of auto, interpreter, "
              + String.join(", ", others)
              + ", or a device that kiln devices lists");
    }
    return name;
  }
}
