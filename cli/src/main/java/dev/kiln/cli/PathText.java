package dev.kiln.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.TypeConversionException;

/** Paths as people write them, whether in an option, an input or a variable. */
final class PathText {
  private PathText() {}

  /**
   * The path that a text names.
   *
   * @param where it was written
   * @throws UsageException where no file can have that name
   */
  static Path parse(String where, String text) {
    try {
      return of(text);
    } catch (TypeConversionException e) {
      throw new UsageException(where + ": " + e.getMessage(), e);
    }
  }

  /** As {@link #parse}, for picocli, which knows where it was written. */
  static Path of(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("the name is empty; give that of a file or folder");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      String why =
          text.indexOf(0) >= 0
              ? "it contains the character 0; leave that out"
              : "names are written in "
                  + System.getProperty("sun.jnu.encoding")
                  + ", which lacks some of its characters; set a locale of UTF-8, such as"
                  + " LC_ALL=C.UTF-8";
      var failure = new TypeConversionException("no file can be named '" + text + "': " + why);
      failure.initCause(e);
      throw failure;
    }
  }
}
