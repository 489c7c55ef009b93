package dev.kiln.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Memory in whole 2 MiB pages.
 *
 * <p>The first page comes from the JVM, all others from {@link SystemPages}: finding the operating
 * system's functions takes some 80 ms in a cold JVM, and a small computation needs no second page.
 * Not for several threads at once.
 */
final class Pages {
  /** The size and alignment of what is mapped. */
  static final long PAGE = 2L << 20;

  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final String TOTAL = "MemTotal:";

  private @Nullable Arena firstArena;
  private long first;
  private boolean firstTaken;
  private @Nullable SystemPages system;

  /** Maps that many bytes, a multiple of {@link #PAGE}, at an address that is one too. */
  @SuppressWarnings("MustBeClosedChecker") // unmap closes it
  long map(long bytes) {
    if (bytes == PAGE && !firstTaken) {
      firstTaken = true;
      firstArena = Arena.ofShared();
      first = firstArena.allocate(PAGE, PAGE).address();
      return first;
    }
    return system().map(bytes);
  }

  /** Gives mapped memory back. */
  void unmap(long address, long bytes) {
    if (firstArena != null && address == first) {
      firstArena.close();
      firstArena = null;
    } else {
      system().unmap(address, bytes);
    }
  }

  private SystemPages system() {
    SystemPages known = system;
    if (known == null) {
      known = new SystemPages();
      system = known;
    }
    return known;
  }

  /** The machine's memory in bytes. */
  static long physicalBytes() {
    try {
      for (String line : Files.readAllLines(MEMORY)) {
        if (line.startsWith(TOTAL) && line.endsWith(" kB")) {
          String kibibytes = line.substring(TOTAL.length(), line.length() - 3).strip();
          return Long.parseLong(kibibytes) << 10;
        }
      }
    } catch (IOException e) {
      // No Linux: the system is asked.
    }
    return SystemPages.physicalBytes();
  }
}
