package dev.kiln.opencl;

import dev.kiln.spi.UserCache;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a user may set by system properties.
 *
 * @param cache {@code kiln.opencl.cache}: the folder where compiled programs are kept; empty for
 *     {@code off}. By default {@code kiln/opencl} in the user's cache folder
 * @param copies {@code kiln.opencl.copies}: whether arrays are copied to the device even where it
 *     shares the host's memory
 * @param memory {@code kiln.opencl.memory}: the bytes of a device's own memory that an engine takes
 *     at most; by default all that there are
 * @param tellsSource whether descriptions have the source text in full: {@code kiln.debug} from 4
 *     on
 */
record Settings(Optional<Path> cache, boolean copies, long memory, boolean tellsSource) {
  static Settings ofProperties() {
    String cache = System.getProperty("kiln.opencl.cache", "");
    Optional<Path> folder =
        switch (cache) {
          case "off" -> Optional.empty();
          case "" -> Optional.of(UserCache.folder().resolve("opencl"));
          default -> Optional.of(Path.of(cache));
        };
    return new Settings(
        folder,
        Boolean.getBoolean("kiln.opencl.copies"),
        Long.getLong("kiln.opencl.memory", Long.MAX_VALUE),
        Integer.getInteger("kiln.debug", 0) >= 4);
  }
}
