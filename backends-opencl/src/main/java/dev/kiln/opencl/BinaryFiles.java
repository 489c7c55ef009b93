package dev.kiln.opencl;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compiled programs in a folder, one file each, named by a digest of all that went into them. A
 * file is its contents' digest, then the contents; one that does not match is as good as none. What
 * goes wrong with files costs time and is told in the debug log: it is never an error.
 */
final class BinaryFiles {
  private static final System.Logger LOG = System.getLogger(BinaryFiles.class.getName());
  private static final int DIGEST_BYTES = 32;

  /** Files that are kept; beyond it the half used longest ago goes. */
  private static final int MOST = 4096;

  private final Path folder;

  BinaryFiles(Path folder) {
    this.folder = folder;
  }

  /** What is kept under a key; empty for nothing, or nothing whole. */
  Optional<byte[]> read(String key) {
    Path file = file(key);
    try {
      byte[] bytes = Files.readAllBytes(file);
      byte[] contents =
          Arrays.copyOfRange(bytes, Math.min(DIGEST_BYTES, bytes.length), bytes.length);
      byte[] digest = Arrays.copyOf(bytes, DIGEST_BYTES);
      if (!MessageDigest.isEqual(digest, digest(contents))) {
        LOG.log(Level.DEBUG, "{0} is damaged and will be compiled again", file);
        return Optional.empty();
      }
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
      return Optional.of(contents);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a compiled program cannot be read", e);
      return Optional.empty();
    }
  }

  /** Keeps contents under a key; whole or not at all, whoever else does the same. */
  void write(String key, byte[] contents) {
    try {
      Files.createDirectories(folder);
      Path file = file(key);
      Path temporary = Files.createTempFile(folder, "new", ".tmp");
      try {
        byte[] bytes = Arrays.copyOf(digest(contents), DIGEST_BYTES + contents.length);
        System.arraycopy(contents, 0, bytes, DIGEST_BYTES, contents.length);
        Files.write(temporary, bytes);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a compiled program cannot be kept", e);
    }
  }

  /** Forgets what is kept under a key. */
  void delete(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a compiled program cannot be deleted", e);
    }
  }

  /** Makes room where there are too many files. */
  void prune() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = new ArrayList<>(all.toList());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the folder of compiled programs cannot be listed", e);
      return;
    }
    if (files.size() <= MOST) {
      return;
    }
    files.sort(Comparator.comparing(BinaryFiles::lastUsed));
    for (Path file : files.subList(0, files.size() - MOST / 2)) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a compiled program cannot be deleted", e);
      }
    }
  }

  private static FileTime lastUsed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // gone already, or as good as gone
    }
  }

  private Path file(String key) {
    return folder.resolve(
        HexFormat.of().formatHex(digest(key.getBytes(StandardCharsets.UTF_8))) + ".bin");
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
