package dev.kiln.cli;

import dev.kiln.KilnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Whether two paths name one file, which need not be there yet. */
final class SameFile {
  private SameFile() {}

  static boolean is(Path first, Path second) {
    Path a = first.toAbsolutePath().normalize();
    Path b = second.toAbsolutePath().normalize();
    return a.equals(b) || (exist(a, b) && isSame(a, b)) || areInOneFolder(a, b);
  }

  /** A folder may have several names too. */
  private static boolean areInOneFolder(Path a, Path b) {
    Path folder = a.getParent();
    Path other = b.getParent();
    return folder != null
        && other != null
        && Objects.equals(a.getFileName(), b.getFileName())
        && exist(folder, other)
        && isSame(folder, other);
  }

  private static boolean exist(Path a, Path b) {
    return Files.exists(a) && Files.exists(b);
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) {
      throw new KilnException(
          "cannot tell whether " + a + " and " + b + " are one file: " + e + "; choose other names",
          e);
    }
  }
}
