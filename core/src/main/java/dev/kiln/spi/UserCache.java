package dev.kiln.spi;

import dev.kiln.KilnException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where things are kept that can be made again: compiled programs, figures of devices. */
public final class UserCache {
  private UserCache() {}

  /**
   * Kiln's part of the user's cache folder, which need not exist yet.
   *
   * @throws KilnException where no folder can have its name
   */
  public static Path folder() {
    return folder(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home"));
  }

  static Path folder(@Nullable String named, String home) {
    try {
      Path all = named == null || named.isEmpty() ? Path.of(home, ".cache") : Path.of(named);
      return all.resolve("kiln");
    } catch (InvalidPathException e) {
      throw new KilnException(
          "no folder can be named '"
              + e.getInput()
              + "' here, in which Kiln keeps what can be made again; set XDG_CACHE_HOME to another,"
              + " or a locale of UTF-8, such as LC_ALL=C.UTF-8",
          e);
    }
  }
}
