package dev.kiln.io;

import dev.kiln.KilnException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files that appear whole or not at all.
 *
 * <p>The contents go to a temporary file in the target's own directory and take the target's name
 * in one atomic step. A reader, or a program that has the old file mapped, sees either the old
 * contents or the new. Where they replace a file they reach the disk before, so that a loss of
 * power leaves one or the other; of a new file it may leave nothing, as with any other program. Who
 * may read and write a file stays as it was.
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
   * Writes a file, replacing a regular file of that name. On any failure, and where the JVM is told
   * to end meanwhile, the temporary file is deleted and the target is as it was.
   *
   * @throws KilnException where the directory is missing or it or the target may not be written,
   *     the target is no regular file, writing fails, or the thread is interrupted
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
    if (Files.exists(whole) && !Files.isWritable(whole)) {
      throw new KilnException(
          "cannot write "
              + target
              + ": it is write-protected; choose another name or change its permissions");
    }
    // Not Files.createTempFile, which makes files that only their owner may read. Without the
    // target's name, which may be as long as names can be.
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path temporary = directory.resolve(".kiln." + random + ".tmp");
    Thread end = new Thread(() -> deleteAtTheEnd(temporary));
    boolean ends = isAdded(end);
    try {
      replace(temporary, whole, content);
    } catch (ClosedByInterruptException e) {
      delete(temporary, e);
      throw new KilnException("interrupted: " + target + " is as it was before", e);
    } catch (IOException e) {
      delete(temporary, e);
      throw new KilnException("cannot write " + target + ": " + reason(e, directory), e);
    } catch (RuntimeException | Error e) {
      delete(temporary, e);
      throw e;
    } finally {
      if (ends) {
        remove(end);
      }
    }
  }

  private static void replace(Path temporary, Path whole, Content content) throws IOException {
    Optional<Set<PosixFilePermission>> permissions = permissions(whole);
    FileAttribute<?>[] attributes =
        permissions
            .map(known -> new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(known)})
            .orElseGet(() -> new FileAttribute<?>[0]);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(temporary, options, attributes)) {
      content.writeTo(channel);
      if (Files.exists(whole)) {
        channel.force(true);
      }
    }
    if (permissions.isPresent()) {
      // Once more: the process may be told not to give some of them to new files.
      Files.setPosixFilePermissions(temporary, permissions.get());
    }
    Files.move(temporary, whole, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Of a file that is there, on a system that has such permissions. */
  private static Optional<Set<PosixFilePermission>> permissions(Path whole) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(whole, PosixFileAttributeView.class);
    return view != null && Files.exists(whole)
        ? Optional.of(view.readAttributes().permissions())
        : Optional.empty();
  }

  /** Whether the JVM is to run that when it ends; not where it is ending already. */
  private static boolean isAdded(Thread end) {
    try {
      Runtime.getRuntime().addShutdownHook(end);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static void remove(Thread end) {
    try {
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException e) {
      // The JVM is ending, and has run it.
    }
  }

  private static void deleteAtTheEnd(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      System.err.println("kiln: cannot delete " + temporary + ": " + e);
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
