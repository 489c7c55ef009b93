package dev.kiln.store;

import dev.kiln.spi.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How much a folder holds, counted again when what was added since the last count may exceed a
 * limit, or is a good part of the whole: other processes add to it too. Safe for many threads.
 */
final class Space {
  /** Additions after which it is worth counting again, at least. */
  private static final long FEWEST = 16;

  /** Later than any entry. */
  private static final Instant NEVER = Instant.ofEpochSecond(1L << 40);

  private final Folder folder;
  private final Limits limits;
  private long bytes;
  private long entries;
  private long counted = -1;
  private Instant oldest = NEVER;

  Space(Folder folder, Limits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  /** Notes an entry that was written; gives those that have to go because of it. */
  synchronized List<Entry> added(Entry entry) throws IOException {
    if (limits.equals(Limits.NONE)) {
      return List.of();
    }
    bytes += entry.bytes();
    entries++;
    boolean isUnsure = counted < 0 || entries - counted > Math.max(FEWEST, counted / 64);
    boolean isFull = bytes > limits.bytes() || entries > limits.entries();
    boolean isOld = Duration.between(oldest, Instant.now()).compareTo(limits.age()) > 0;
    if (!isUnsure && !isFull && !isOld) {
      return List.of();
    }
    List<Evictor.Used> all = scan();
    List<Entry> chosen = Evictor.choose(all, limits, Instant.now());
    Set<Entry> gone = new HashSet<>(chosen);
    bytes = all.stream().mapToLong(used -> used.entry().bytes()).sum();
    bytes -= chosen.stream().mapToLong(Entry::bytes).sum();
    entries = (long) all.size() - chosen.size();
    counted = entries;
    oldest =
        all.stream()
            .map(Evictor.Used::entry)
            .filter(kept -> !gone.contains(kept))
            .map(Entry::created)
            .min(Instant::compareTo)
            .orElse(NEVER);
    return chosen;
  }

  /** All entries that can be read; the others are found when they are used, or verified. */
  List<Evictor.Used> scan() throws IOException {
    List<Evictor.Used> all = new ArrayList<>();
    for (Key key : folder.keys()) {
      Path place = folder.entry(key);
      try {
        Entry entry = EntryReader.entry(place, key);
        Instant used = Files.getLastModifiedTime(place.resolve(EntryText.FILE)).toInstant();
        all.add(new Evictor.Used(entry, used));
      } catch (NoSuchFileException | EntryText.Damaged e) {
        // Gone meanwhile, or damaged.
      }
    }
    return all;
  }
}
