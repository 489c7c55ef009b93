package dev.kiln.store;

import dev.kiln.KilnException;
import dev.kiln.spi.Key;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where things lie, and how they appear and vanish: in one step each.
 *
 * <pre>
 * kiln-store.txt        that this is a store
 * lock                  locked while keys are computed
 * v1/12/1234…ef/        an entry: its data and entry.txt
 * tmp/                  entries that are being written, or were when somebody died
 * quarantine/           entries that were damaged
 * </pre>
 *
 * An entry is a folder, written under another name and moved to its own by one rename, and removed
 * the same way. Keys are hexadecimal digits, so nothing leads out of the folder; what is a symbolic
 * link is no entry.
 */
final class Folder {
  /** The version of the entries' format. Another one lies in another folder beside. */
  static final int FORMAT = 1;

  /** Damaged entries that are kept for a look. */
  private static final int QUARANTINED = 16;

  private static final String MARK = "kiln-store.txt";
  private static final Set<String> OURS = Set.of(MARK, "lock", "v" + FORMAT, "tmp", "quarantine");
  private static final String MARK_TEXT =
      """
      Results that Kiln computed and may compute again. This folder may be deleted at any time,
      and so may any folder in it; nothing in it should be edited.
      """;

  private static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** Files that only their owner may read. */
  static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;
  private final Path entries;
  private final Path temporaries;
  private final Path quarantine;

  private Folder(Path root) {
    this.root = root;
    this.entries = root.resolve("v" + FORMAT);
    this.temporaries = root.resolve("tmp");
    this.quarantine = root.resolve("quarantine");
  }

  /**
   * Opens a store's folder, or makes one.
   *
   * @throws KilnException where it is something else, or cannot be made
   */
  static Folder open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path, OWNER_FOLDER);
      }
      Path root = path.toRealPath();
      // The mark comes first, so files without one are somebody else's.
      if (!Files.exists(root.resolve(MARK))
          && !list(root).isEmpty()
          && !Files.exists(root.resolve(MARK))) {
        throw new KilnException(
            path
                + " has files but is no store of results; name a new or an empty folder, since"
                + " what is in a store may be deleted");
      }
      mark(root);
      Folder folder = new Folder(root);
      make(folder.entries);
      return folder;
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw new KilnException(path + " is no folder; name a folder for the store", e);
    } catch (IOException e) {
      throw new KilnException(
          "cannot make a store in "
              + path
              + ": "
              + e.getMessage()
              + "; choose a folder that you may write",
          e);
    }
  }

  /** Whether there is a store. */
  static boolean isAt(Path path) {
    return Files.isRegularFile(path.resolve(MARK));
  }

  private static void mark(Path root) throws IOException {
    if (!Files.exists(root.resolve(MARK))) {
      try {
        Files.createFile(root.resolve(MARK), OWNER_FILE);
        Files.writeString(root.resolve(MARK), MARK_TEXT);
      } catch (FileAlreadyExistsException e) {
        // Another process was quicker.
      }
    }
  }

  Path root() {
    return root;
  }

  /** What {@link KeyLocks} lock. */
  Path lock() {
    return root.resolve("lock");
  }

  private Path branch(Key key) {
    return entries.resolve(key.hex().substring(0, 2));
  }

  /** Where an entry lies, or would. */
  Path entry(Key key) {
    return branch(key).resolve(key.hex());
  }

  /** Whether there is an entry, whatever it is worth. */
  boolean has(Key key) {
    return isOurs(branch(key)) && isOurs(entry(key));
  }

  /** Whether it is a folder, and no link to one. */
  private static boolean isOurs(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * A new folder to write an entry in.
   *
   * @throws IOException where it cannot be made, or the store's place is now somebody else's
   */
  Path newTemporary() throws IOException {
    remake();
    make(temporaries);
    return Files.createDirectory(temporaries.resolve(random()), OWNER_FOLDER);
  }

  /** Makes the store anew where somebody has deleted it meanwhile: the mark first, as at first. */
  private void remake() throws IOException {
    if (Files.exists(root.resolve(MARK))) {
      return;
    }
    make(root);
    for (Path file : list(root)) {
      if (!OURS.contains(file.getFileName().toString())) {
        throw new NotDirectoryException(root + " is no store any more: it has " + file);
      }
    }
    mark(root);
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** Makes a folder where there is none; a link in its place leads elsewhere and is refused. */
  private static void make(Path path) throws IOException {
    if (!isOurs(path)) {
      if (Files.isSymbolicLink(path)) {
        throw new NotDirectoryException(path + " is a symbolic link");
      }
      Files.createDirectories(path, OWNER_FOLDER);
    }
  }

  /**
   * Makes a temporary folder the entry of a key; whether it is. One that is there already stays:
   * another process published the same result.
   */
  boolean publish(Path temporary, Key key) throws IOException {
    Path target = entry(key);
    make(branch(key));
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      if (!has(key)) {
        throw e;
      }
      return false;
    }
  }

  /** Removes an entry; who has it mapped keeps it. Whether it was there. */
  boolean remove(Key key) throws IOException {
    make(temporaries);
    Path away = temporaries.resolve(random());
    if (!has(key) || !move(entry(key), away)) {
      return false;
    }
    delete(away);
    return true;
  }

  /**
   * Puts an entry aside; whether it was there.
   *
   * @param most bytes that all that was put aside may take; the oldest go
   */
  boolean quarantine(Key key, long most) throws IOException {
    make(quarantine);
    boolean moved = has(key) && move(entry(key), quarantine.resolve(key.hex() + "-" + random()));
    List<Path> aside = list(quarantine);
    aside.sort((a, b) -> modified(b).compareTo(modified(a)));
    long bytes = 0;
    for (int place = 0; place < aside.size(); place++) {
      bytes += bytes(aside.get(place));
      if (place >= QUARANTINED || bytes > most) {
        delete(aside.get(place));
      }
    }
    return moved;
  }

  private static long bytes(Path entry) throws IOException {
    long bytes = 0;
    for (Path file : list(entry)) {
      try {
        bytes +=
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size();
      } catch (NoSuchFileException e) {
        // Another process deletes it.
      }
    }
    return bytes;
  }

  /** Deletes what was put aside. */
  void emptyQuarantine() throws IOException {
    for (Path aside : list(quarantine)) {
      delete(aside);
    }
  }

  private static boolean move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The keys of all entries. */
  List<Key> keys() throws IOException {
    List<Key> keys = new ArrayList<>();
    for (Path group : list(entries)) {
      for (Path entry : list(group)) {
        String name = entry.getFileName().toString();
        if (Key.isKey(name) && name.startsWith(group.getFileName().toString()) && isOurs(entry)) {
          keys.add(new Key(name));
        }
      }
    }
    keys.sort(null);
    return keys;
  }

  /** Deletes what was being written and has not been touched for so long; how many there were. */
  int sweep(Duration untouched) throws IOException {
    Instant before = Instant.now().minus(untouched);
    int swept = 0;
    for (Path temporary : list(temporaries)) {
      boolean isOld = modified(temporary).isBefore(before);
      for (Path file : list(temporary)) {
        isOld &= modified(file).isBefore(before);
      }
      if (isOld) {
        delete(temporary);
        swept++;
      }
    }
    return swept;
  }

  /** The files in a folder; none where there is no such folder. */
  private static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (isOurs(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(files::add);
      } catch (NoSuchFileException e) {
        // It has gone meanwhile.
      }
    }
    return files;
  }

  private static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (IOException e) {
      // It has gone meanwhile, and is nobody's business any more.
      return Instant.now();
    }
  }

  /** Deletes a folder and what is in it, without following links; nothing where it has gone. */
  static void delete(Path folder) throws IOException {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path emptied, @org.jspecify.annotations.Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.deleteIfExists(emptied);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // Another process deletes it too.
    }
  }
}
