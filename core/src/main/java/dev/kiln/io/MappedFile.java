package dev.kiln.io;

import dev.kiln.KilnException;
import dev.kiln.spi.Origin;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A whole file, mapped for reading until its segment is unreachable.
 *
 * @param contents all bytes
 * @param origin which file they are, unless it was replaced while it was opened
 */
record MappedFile(MemorySegment contents, Optional<Origin> origin) {
  /**
   * Maps a file.
   *
   * @throws KilnException where there is none, or it is not a regular file or may not be read
   */
  static MappedFile of(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new KilnException(
          "cannot read "
              + path
              + ": it is "
              + (Files.isDirectory(path) ? "a directory" : "not a regular file")
              + "; name a file");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      Origin before = origin(path);
      MemorySegment contents =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      Origin after = origin(path);
      boolean isOne = before.equals(after) && before.size() == contents.byteSize();
      return new MappedFile(contents, isOne ? Optional.of(before) : Optional.empty());
    } catch (NoSuchFileException e) {
      throw new KilnException("cannot read " + path + ": there is no such file; check the path", e);
    } catch (AccessDeniedException e) {
      throw new KilnException(
          "cannot read " + path + ": no permission; change the file's permissions", e);
    } catch (ClosedByInterruptException e) {
      throw new KilnException("interrupted: " + path + " was not read", e);
    } catch (IOException e) {
      throw new KilnException(
          "cannot read " + path + ": " + e.getMessage() + "; check the file", e);
    }
  }

  private static Origin origin(Path path) throws IOException {
    Path real = path.toRealPath();
    BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
    return new Origin(
        real,
        Objects.requireNonNullElse(attributes.fileKey(), "").toString(),
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        0);
  }
}
