package dev.kiln.io;

import dev.kiln.KilnException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files that appear whole or not at all.
 *
 * <p>The contents go to a temporary file in the target's own directory and take the target's name
 * in one atomic step. A reader, or a program that has the old file mapped, sees either the old
 * contents or the new. Where they replace a file they reach the disk before, so that a loss of
 * power leaves one or the other; of a new file it may leave nothing, as with any other program.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the contents of one file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to the channel, from its start. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes a file, replacing a regular file of that name. On any failure the temporary file is
   * deleted and the target is as it was.
   *
   * @throws KilnException where the directory is missing or may not be written, the target is no
   *     regular file, or writing fails
   */
  public static void write(Path target, Content content) {
    Path whole = resolve(target);
    Path directory = whole.toAbsolutePath().getParent();
    Path name = whole.getFileName();
    if (directory == null || name == null || Files.isDirectory(whole)) {
      throw new KilnException("cannot write " + target + ": it is a directory; name a file in it");
    }
    if (Files.exists(whole) && !Files.isRegularFile(whole)) {
      throw new KilnException(
          "cannot write " + target + ": it is neither new nor a regular file; choose another name");
    }
    // Not Files.createTempFile, which makes files that only their owner may read.
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path temporary = directory.resolve("." + name + "." + random + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        if (Files.exists(whole)) {
          channel.force(true);
        }
      }
      Files.move(temporary, whole, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(temporary, e);
      throw new KilnException("cannot write " + target + ": " + reason(e, directory), e);
    } catch (RuntimeException | Error e) {
      delete(temporary, e);
      throw e;
    }
  }

  /** The file that a symbolic link stands for, so that the link itself stays. */
  private static Path resolve(Path target) {
    try {
      return Files.isSymbolicLink(target) ? target.toRealPath() : target;
    } catch (IOException e) {
      throw new KilnException(
          "cannot write " + target + ": it is a symbolic link that leads nowhere; remove it first",
          e);
    }
  }

  private static void delete(Path temporary, Throwable because) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static String reason(IOException e, Path directory) {
    return switch (e) {
      case NoSuchFileException _ ->
          "the directory " + directory + " does not exist; create it first";
      case AccessDeniedException _ ->
          "no permission to write in "
              + directory
              + "; choose another directory or change its permissions";
      default -> e.getMessage() + "; free space or choose another directory";
    };
  }
}
