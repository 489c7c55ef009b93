package dev.kiln.spi;

import java.nio.file.Path;

/** Where things are kept that can be made again: compiled programs, figures of devices. */
public final class UserCache {
  private UserCache() {}

  /** Kiln's part of the user's cache folder, which need not exist yet. */
  public static Path folder() {
    String named = System.getenv("XDG_CACHE_HOME");
    Path all =
        named == null || named.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(named);
    return all.resolve("kiln");
  }
}
