package dev.kiln.io;

import dev.kiln.KilnException;
import dev.kiln.spi.Compression;
import java.util.Optional;
import java.util.ServiceLoader;

/** The compressions that are on the class path. */
final class Compressions {
  private static final String CURE = "; add kiln-cache-store to the class path, which has zstd";

  private Compressions() {}

  /**
   * The one to write with.
   *
   * @throws KilnException where there is none
   */
  static Compression any() {
    return loader()
        .findFirst()
        .orElseThrow(() -> new KilnException("there is nothing to compress with here" + CURE));
  }

  /** The one of that name, to read with. */
  static Optional<Compression> named(String name) {
    return loader().stream()
        .map(ServiceLoader.Provider::get)
        .filter(compression -> compression.name().equals(name))
        .findFirst();
  }

  /** What to say where there is none of that name. */
  static KilnException missing(String file, String name) {
    return new KilnException(
        file
            + " is compressed by "
            + ZipDirectory.printable(name)
            + ", which is not here"
            + CURE
            + ", or what was there when it was written");
  }

  private static ServiceLoader<Compression> loader() {
    return ServiceLoader.load(Compression.class, Compressions.class.getClassLoader());
  }
}
