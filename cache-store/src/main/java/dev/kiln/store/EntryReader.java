package dev.kiln.store;

import dev.kiln.KilnException;
import dev.kiln.io.NpyHeader;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps entries, and believes nothing that they say of themselves before it is checked.
 *
 * <p>The text of an entry is read at each use. Where it is as it was the last time it is not taken
 * apart again, and where the data's file is the same and still mapped, that mapping is used again:
 * a hit costs a few system calls, whatever its size.
 */
final class EntryReader {
  /** Entries whose texts and mappings are remembered. */
  private static final int REMEMBERED = 1024;

  /** Entries whose data need not be compared again; of one that is forgotten it is. */
  private static final int TRUSTED = 1 << 16;

  /** An entry's time of use is noted no more often. */
  private static final Duration TOUCHED = Duration.ofSeconds(1);

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Folder folder;
  private final Hashing hashing;
  private final Checks checks;

  /** What was compared with its checksum, or written here, and which file that was. */
  private final Recent<Key, FileState> trusted = new Recent<>(TRUSTED);

  private final Recent<Key, Known> known = new Recent<>(REMEMBERED);

  EntryReader(Folder folder, Hashing hashing, Checks checks) {
    this.folder = folder;
    this.hashing = hashing;
    this.checks = checks;
  }

  /**
   * Which file it is, and in which state.
   *
   * @param id the file system's, an inode for example; null where it has none
   */
  private record FileState(@Nullable Object id, long size, FileTime modified) {
    static FileState of(Path file) throws IOException, EntryText.Damaged {
      BasicFileAttributes attributes = attributes(file);
      return new FileState(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }
  }

  /** Of a file: opening a pipe would wait for ever, and a link may lead anywhere. */
  private static BasicFileAttributes attributes(Path file) throws IOException, EntryText.Damaged {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new EntryText.Damaged("its " + file.getFileName() + " is no file");
    }
    return attributes;
  }

  /** What an entry was when it was last used. */
  private static final class Known {
    final byte[] text;
    final Entry entry;
    volatile @Nullable Mapping mapping;
    volatile long touched;

    Known(byte[] text, Entry entry) {
      this.text = text;
      this.entry = entry;
      this.touched = System.nanoTime() - TOUCHED.toNanos();
    }
  }

  /** Data that is mapped as long as somebody has it. */
  private record Mapping(FileState file, WeakReference<MemorySegment> data) {}

  /** Takes an entry that was just written for right. */
  void trust(Entry entry) {
    try {
      trusted.put(entry.key(), FileState.of(data(entry)));
      known.put(entry.key(), new Known(EntryText.write(entry), entry));
    } catch (IOException | EntryText.Damaged e) {
      // Evicted at this moment: then it is not there to be trusted.
    }
  }

  /** What stands beside the data; empty where there is no entry. */
  Optional<Entry> entry(Key key) throws IOException, EntryText.Damaged {
    if (!folder.has(key)) {
      trusted.remove(key);
      known.remove(key);
      return Optional.empty();
    }
    try {
      return Optional.of(known(key).entry);
    } catch (NoSuchFileException e) {
      return gone(key, e);
    }
  }

  private Known known(Key key) throws IOException, EntryText.Damaged {
    byte[] text = text(folder.entry(key));
    Known before = known.get(key);
    if (before != null && Arrays.equals(before.text, text)) {
      return before;
    }
    Known now = new Known(text, entry(text, key));
    known.put(key, now);
    return now;
  }

  /** A file that is missing: evicted at this moment, unless the rest of the entry is there. */
  private <T> Optional<T> gone(Key key, NoSuchFileException e) throws EntryText.Damaged {
    if (folder.has(key)) {
      throw new EntryText.Damaged("its " + Path.of(e.getFile()).getFileName() + " is missing", e);
    }
    return Optional.empty();
  }

  /** An entry's data; empty where it was evicted meanwhile. */
  Optional<Buffer> read(Entry entry, Workers workers) throws IOException, EntryText.Damaged {
    try {
      FileState state = FileState.of(data(entry));
      MemorySegment data = mapped(entry, state);
      check(entry, state, data, workers);
      return Optional.of(new MappedBuffer(data));
    } catch (NoSuchFileException e) {
      return gone(entry.key(), e);
    } catch (KilnException e) {
      throw new EntryText.Damaged("its array is none: " + e.getMessage(), e);
    }
  }

  private Path data(Entry entry) {
    return folder.entry(entry.key()).resolve(entry.data().file());
  }

  private MemorySegment mapped(Entry entry, FileState state) throws IOException, EntryText.Damaged {
    Known here = known.get(entry.key());
    Mapping before = here == null ? null : here.mapping;
    MemorySegment data = before != null && before.file().equals(state) ? before.data().get() : null;
    if (data == null) {
      data = map(entry);
      if (here != null) {
        here.mapping = new Mapping(state, new WeakReference<>(data));
      }
    }
    return data;
  }

  /** What stands beside the data, in a folder. */
  static Entry entry(Path place, Key key) throws IOException, EntryText.Damaged {
    return entry(text(place), key);
  }

  private static byte[] text(Path place) throws IOException, EntryText.Damaged {
    Path file = place.resolve(EntryText.FILE);
    attributes(file);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(EntryText.LONGEST);
    }
  }

  private static Entry entry(byte[] text, Key key) throws EntryText.Damaged {
    Entry entry = EntryText.read(text);
    if (!entry.key().equals(key)) {
      throw new EntryText.Damaged("it is the entry " + entry.key());
    }
    return entry;
  }

  private MemorySegment map(Entry entry) throws IOException, EntryText.Damaged {
    MemorySegment all;
    try (FileChannel channel = FileChannel.open(data(entry), READ)) {
      if (channel.size() != entry.bytes()) {
        throw new EntryText.Damaged(
            "its data has " + channel.size() + " bytes instead of " + entry.bytes());
      }
      all = channel.map(FileChannel.MapMode.READ_ONLY, 0, entry.bytes(), Arena.ofAuto());
    }
    return switch (entry.data()) {
      case Entry.Data.Array array -> elements(all, array);
      case Entry.Data.Value() -> all;
    };
  }

  private static MemorySegment elements(MemorySegment file, Entry.Data.Array array)
      throws EntryText.Damaged {
    NpyHeader header = NpyHeader.parse(array.file(), file);
    boolean isIt =
        header.dtype() == array.dtype()
            && header.shape().equals(array.shape())
            && !header.fortranOrder()
            && (header.order() == ByteOrder.nativeOrder() || array.dtype().bytes() == 1)
            && file.byteSize() - header.dataOffset() == header.dataBytes(array.file());
    if (!isIt) {
      throw new EntryText.Damaged("its array is not " + array);
    }
    return file.asSlice(header.dataOffset());
  }

  private void check(Entry entry, FileState state, MemorySegment data, Workers workers)
      throws EntryText.Damaged {
    boolean wanted =
        switch (checks) {
          case ALWAYS -> true;
          case FIRST_USE -> !state.equals(trusted.get(entry.key()));
          case NEVER -> false;
        };
    if (!wanted) {
      return;
    }
    Hashing way = hashing(entry);
    if (!checksum(way, way.of(data, workers)).equals(entry.checksum())) {
      throw new EntryText.Damaged("its data has another checksum");
    }
    trusted.put(entry.key(), state);
  }

  private static Hashing hashing(Entry entry) throws EntryText.Damaged {
    for (Hashing way : Hashing.values()) {
      if (entry.checksum().startsWith(way.label() + ":")) {
        return way;
      }
    }
    throw new EntryText.Damaged("its checksum is '" + entry.checksum() + "'");
  }

  /** A hash as entries have it. */
  static String checksum(Hashing way, byte[] hash) {
    return way.label() + ":" + HexFormat.of().formatHex(hash);
  }

  /** The hash of an array's elements, where it is of this store's kind. */
  Optional<byte[]> checksum(Entry entry) {
    String prefix = hashing.label() + ":";
    return entry.checksum().startsWith(prefix)
        ? Optional.of(HexFormat.of().parseHex(entry.checksum().substring(prefix.length())))
        : Optional.empty();
  }

  /** Notes the time of use, which {@link Evictor} goes by. */
  void touch(Key key) {
    Known here = known.get(key);
    long now = System.nanoTime();
    if (here != null && now - here.touched < TOUCHED.toNanos()) {
      return;
    }
    try {
      Path text = folder.entry(key).resolve(EntryText.FILE);
      Files.setLastModifiedTime(text, FileTime.from(Instant.now()));
      if (here != null) {
        here.touched = now;
      }
    } catch (IOException e) {
      // A folder that may only be read, or an entry that goes at this moment: nothing is evicted
      // because of it that would not be otherwise.
    }
  }
}
