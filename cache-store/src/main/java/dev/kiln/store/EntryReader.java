package dev.kiln.store;

import dev.kiln.KilnException;
import dev.kiln.io.NpyHeader;
import dev.kiln.spi.Key;
import dev.kiln.spi.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Maps entries, and believes nothing that they say of themselves before it is checked. */
final class EntryReader {
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Folder folder;
  private final Hashing hashing;
  private final Checks checks;

  /** What was compared with its checksum, or written here. */
  private final Set<Key> trusted = ConcurrentHashMap.newKeySet();

  EntryReader(Folder folder, Hashing hashing, Checks checks) {
    this.folder = folder;
    this.hashing = hashing;
    this.checks = checks;
  }

  /** Takes an entry that was just written for right. */
  void trust(Key key) {
    trusted.add(key);
  }

  /** An entry; empty where there is none. */
  Optional<Store.Found> read(Key key, Workers workers) throws IOException, EntryText.Damaged {
    Path place = folder.entry(key);
    if (!folder.has(key)) {
      trusted.remove(key);
      return Optional.empty();
    }
    try {
      Entry entry = entry(place, key);
      Store.Found found = map(place, entry);
      check(found, workers);
      return Optional.of(found);
    } catch (NoSuchFileException e) {
      if (folder.has(key)) {
        throw new EntryText.Damaged("its " + Path.of(e.getFile()).getFileName() + " is missing", e);
      }
      // Evicted at this moment.
      return Optional.empty();
    } catch (KilnException e) {
      throw new EntryText.Damaged("its array is none: " + e.getMessage(), e);
    }
  }

  /** What stands beside the data, if it is there and can be read. */
  Optional<Entry> peek(Key key) throws IOException {
    try {
      return folder.has(key) ? Optional.of(entry(folder.entry(key), key)) : Optional.empty();
    } catch (NoSuchFileException | EntryText.Damaged e) {
      return Optional.empty();
    }
  }

  /** What stands beside the data. */
  static Entry entry(Path place, Key key) throws IOException, EntryText.Damaged {
    ByteBuffer text = ByteBuffer.allocate(EntryText.LONGEST);
    try (SeekableByteChannel channel = Files.newByteChannel(place.resolve(EntryText.FILE), READ)) {
      while (text.hasRemaining() && channel.read(text) >= 0) {
        // Until its end, or until it is too long.
      }
    }
    Entry entry = EntryText.read(Arrays.copyOf(text.array(), text.position()));
    if (!entry.key().equals(key)) {
      throw new EntryText.Damaged("it is the entry " + entry.key());
    }
    return entry;
  }

  private Store.Found map(Path place, Entry entry) throws IOException, EntryText.Damaged {
    Path file = place.resolve(entry.data().file());
    MemorySegment all;
    try (FileChannel channel = FileChannel.open(file, READ)) {
      if (channel.size() != entry.bytes()) {
        throw new EntryText.Damaged(
            "its data has " + channel.size() + " bytes instead of " + entry.bytes());
      }
      all = channel.map(FileChannel.MapMode.READ_ONLY, 0, entry.bytes(), Arena.ofAuto());
    }
    MemorySegment data =
        switch (entry.data()) {
          case Entry.Data.Array array -> elements(all, array);
          case Entry.Data.Value() -> all;
        };
    return new Store.Found(entry, new MappedBuffer(data));
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

  private void check(Store.Found found, Workers workers) throws EntryText.Damaged {
    boolean wanted =
        switch (checks) {
          case ALWAYS -> true;
          case FIRST_USE -> !trusted.contains(found.entry().key());
          case NEVER -> false;
        };
    if (!wanted) {
      return;
    }
    Hashing way = hashing(found.entry());
    MemorySegment data = found.data().segment();
    if (!checksum(way, way.of(data, workers)).equals(found.entry().checksum())) {
      throw new EntryText.Damaged("its data has another checksum");
    }
    trusted.add(found.entry().key());
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
    try {
      Path text = folder.entry(key).resolve(EntryText.FILE);
      Files.setLastModifiedTime(text, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // A folder that may only be read, or an entry that goes at this moment: nothing is evicted
      // because of it that would not be otherwise.
    }
  }
}
