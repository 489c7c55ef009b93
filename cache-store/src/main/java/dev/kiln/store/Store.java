package dev.kiln.store;

import dev.kiln.KilnException;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore;
import dev.kiln.spi.Workers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A folder of results that are never computed twice: arrays in {@code .npy} files which are mapped,
 * not read, when they are wanted again.
 *
 * {@snippet file="dev/kiln/store/StoreTour.java" region="engine"}
 *
 * <p>Any number of threads, engines and processes may use one folder at once. Each result is
 * computed by one of them while the others wait. What is damaged is put aside and computed again;
 * what cannot be written is not kept, which is told once in the log ({@code dev.kiln.store}); the
 * caller always gets his value. {@code docs/store.md} tells what is promised on which file system.
 */
public final class Store implements ResultStore {
  /** Writers touch their files more often than this. */
  private static final Duration ORPHANED = Duration.ofMinutes(10);

  /** What is damaged is for a look, and takes no more of the disk than that. */
  private static final long MOST_ASIDE = 1L << 30;

  private final Folder folder;
  private final Settings settings;
  private final ContentHashes hashes;
  private final Warnings warnings = new Warnings();
  private final EntryReader reader;
  private final Space space;

  /**
   * What the builder collects.
   *
   * @param hashing what identifies contents
   * @param checks when checksums are compared
   * @param limits what it may grow to
   * @param durable whether entries reach the disk before they appear
   * @param slowerThan what is computed faster is not kept
   * @param trustsFiles whether files are known by name and time
   * @param blockBytes how many bytes of a file's rows make a block
   * @param listener who is told
   */
  record Settings(
      Hashing hashing,
      Checks checks,
      Limits limits,
      boolean durable,
      Duration slowerThan,
      boolean trustsFiles,
      long blockBytes,
      Consumer<StoreEvent> listener) {}

  private Store(Path path, Settings settings) {
    this.folder = Folder.open(path);
    this.settings = settings;
    this.hashes = new ContentHashes(settings.hashing(), settings.trustsFiles());
    this.reader = new EntryReader(folder, settings.hashing(), settings.checks());
    this.space = new Space(folder, settings.limits());
    sweep();
  }

  /**
   * The store in a folder, with XXH3, checksums compared at first use, and no limits. The folder is
   * made where there is none.
   *
   * @throws KilnException where the folder has other things in it, or cannot be made
   */
  public static Store at(Path folder) {
    return builder(folder).build();
  }

  /** Whether there is a store in a folder; nothing is made. */
  public static boolean isAt(Path folder) {
    return Folder.isAt(folder);
  }

  /** Starts the description of a store. */
  public static Builder builder(Path folder) {
    return new Builder(folder);
  }

  /** The folder. */
  public Path folder() {
    return folder.root();
  }

  @Override
  public long blockBytes() {
    return settings.blockBytes();
  }

  @Override
  public byte[] contents(Buffer buffer, Workers workers) {
    return hashes.of(buffer, workers);
  }

  /** What identifies bytes, as {@link #contents(Buffer, Workers)} does. */
  public byte[] contents(MemorySegment bytes, Workers workers) {
    return settings.hashing().of(bytes, workers);
  }

  /** What stands beside an entry's data, if it is there and can be read; tells nobody. */
  public Optional<Entry> entry(Key key) {
    return managed(
        "read",
        () -> {
          try {
            return reader.entry(key);
          } catch (EntryText.Damaged e) {
            return Optional.empty();
          }
        });
  }

  /** Puts an entry aside whose data turned out to be of no use. */
  public void reject(Key key, String reason) {
    putAside(key, reason);
  }

  /**
   * An entry that is there and whole.
   *
   * @param entry what stands beside its data
   * @param data an array's elements, or a value's whole file; mapped
   */
  public record Found(Entry entry, Buffer data) {}

  /** What is kept under a key, if it is there and whole. */
  public Optional<Found> find(Key key, Workers workers) {
    return find(key, entry -> true, workers);
  }

  /**
   * What is kept under a key, if it is there and whole.
   *
   * @param valid whether an entry is still to be used; one that is not is removed
   */
  public Optional<Found> find(Key key, Predicate<Entry> valid, Workers workers) {
    long start = System.nanoTime();
    Optional<Found> found;
    try {
      Optional<Entry> there = reader.entry(key);
      if (there.isEmpty()) {
        return Optional.empty();
      }
      Entry entry = there.get();
      if (Evictor.isTooOld(entry, settings.limits(), Instant.now()) || !valid.test(entry)) {
        evict(entry);
        return Optional.empty();
      }
      found = reader.read(entry, workers).map(data -> new Found(entry, data));
    } catch (EntryText.Damaged e) {
      putAside(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    } catch (IOException e) {
      warnings.tell("read", "cannot read the entry " + key + " of " + folder.root() + ": " + e);
      return Optional.empty();
    }
    if (found.isEmpty()) {
      return found;
    }
    Entry entry = found.get().entry();
    if (entry.data() instanceof Entry.Data.Array) {
      reader.checksum(entry).ifPresent(hash -> hashes.learn(found.get().data(), hash));
    }
    reader.touch(key);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    tell(new StoreEvent.Hit(key, entry.bytes(), took, entry.took()));
    return found;
  }

  @Override
  public Optional<Buffer> find(Wanted wanted, Workers workers) {
    Optional<Found> found = find(wanted.key(), workers);
    Entry.Data expected = new Entry.Data.Array(wanted.dtype(), wanted.shape());
    if (found.isPresent() && !found.get().entry().data().equals(expected)) {
      putAside(
          wanted.key(), "it is " + found.get().entry().data() + " in the place of " + expected);
      return Optional.empty();
    }
    return found.map(Found::data);
  }

  /** The right to compute some keys, alone. */
  public final class Reserved implements Flight {
    private final KeyLocks.Hold hold;

    private Reserved(KeyLocks.Hold hold) {
      this.hold = hold;
    }

    @Override
    public void publish(Wanted wanted, Buffer value, Duration took, Workers workers) {
      keepArray(wanted, Entry.GRAPHS, value, took, workers);
    }

    /** Keeps an array as one of a group's results. */
    public void publish(Wanted wanted, String group, Buffer value, Duration took, Workers workers) {
      keepArray(wanted, group, value, took, workers);
    }

    /** Keeps a value of several parts, whose file is written by {@code content}. */
    public void publish(
        Key key,
        String group,
        String label,
        EntryWriter.Content content,
        Duration took,
        Workers workers) {
      if (isSlowEnough(key, took)) {
        write(
            key,
            () ->
                new EntryWriter(folder, settings).value(key, group, label, content, took, workers));
      }
    }

    /** Tells that a value is not kept. */
    public void leave(Key key, String reason) {
      tell(new StoreEvent.NotStored(key, reason));
    }

    @Override
    public void close() {
      hold.close();
    }
  }

  @Override
  public Reserved reserve(List<Key> keys) {
    keys.forEach(key -> tell(new StoreEvent.Miss(key)));
    return new Reserved(KeyLocks.acquire(folder.lock(), keys));
  }

  private void keepArray(
      Wanted wanted, String group, Buffer value, Duration took, Workers workers) {
    Key key = wanted.key();
    if (!isSlowEnough(key, took.multipliedBy(wanted.parts()))) {
      return;
    }
    if (value.byteSize() > settings.limits().bytes()) {
      tell(new StoreEvent.NotStored(key, "it is larger than the store may become"));
      return;
    }
    write(
        key,
        () ->
            new EntryWriter(folder, settings)
                .array(wanted, group, value, () -> hashes.read(value, workers), took, workers));
  }

  private boolean isSlowEnough(Key key, Duration took) {
    if (took.compareTo(settings.slowerThan()) < 0) {
      tell(new StoreEvent.NotStored(key, "it is computed in less than " + settings.slowerThan()));
      return false;
    }
    return true;
  }

  /** Writes an entry. */
  @FunctionalInterface
  private interface Writing {
    Optional<Entry> write() throws IOException;
  }

  private void write(Key key, Writing writing) {
    long start = System.nanoTime();
    try {
      Optional<Entry> written = writing.write();
      if (written.isEmpty()) {
        tell(new StoreEvent.NotStored(key, "another process has kept it meanwhile"));
        return;
      }
      Entry entry = written.get();
      reader.trust(entry);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      tell(new StoreEvent.Stored(key, entry.bytes(), took, entry.took()));
      for (Entry evicted : space.added(entry)) {
        evict(evicted);
      }
    } catch (IOException e) {
      warnings.tell(
          "write",
          "a result was not kept in "
              + folder.root()
              + ": "
              + e
              + "; free space there, or make it writable");
      tell(new StoreEvent.NotStored(key, e.toString()));
    }
  }

  private void evict(Entry entry) {
    try {
      if (folder.remove(entry.key())) {
        tell(new StoreEvent.Evicted(entry.key(), entry.bytes()));
      }
    } catch (IOException e) {
      warnings.tell("evict", "cannot remove entries of " + folder.root() + ": " + e);
    }
  }

  private void putAside(Key key, String reason) {
    String where;
    try {
      folder.quarantine(key, Math.min(MOST_ASIDE, settings.limits().bytes()));
      where = "was put aside";
    } catch (IOException e) {
      where = "cannot be put aside (" + e + ")";
    }
    warnings.tell(
        "damage",
        "the entry "
            + key
            + " of "
            + folder.root()
            + " is damaged and "
            + where
            + ": "
            + reason
            + "; it is computed again");
    tell(new StoreEvent.Quarantined(key, reason));
  }

  private void sweep() {
    try {
      folder.sweep(ORPHANED);
    } catch (IOException e) {
      warnings.tell("sweep", "cannot remove what was left over in " + folder.root() + ": " + e);
    }
  }

  private void tell(StoreEvent event) {
    warnings.trace(event);
    Recording.of(event);
    settings.listener().accept(event);
  }

  // Looking after it

  /** Where an entry's data lies; to be read, never to be changed. */
  public Path file(Entry entry) {
    return folder.entry(entry.key()).resolve(entry.data().file());
  }

  /** Whether something is kept under a key; its data is not looked at. */
  public boolean contains(Key key) {
    return folder.has(key);
  }

  /**
   * All entries that can be read, by key.
   *
   * @throws KilnException where the folder cannot be read
   */
  public List<Entry> entries() {
    return managed("read", () -> space.scan().stream().map(Evictor.Used::entry).toList());
  }

  /**
   * Reads all entries, compares their checksums, and puts the damaged ones aside.
   *
   * @return the keys of those
   * @throws KilnException where the folder cannot be read
   */
  public List<Key> verify() {
    EntryReader strict = new EntryReader(folder, settings.hashing(), Checks.ALWAYS);
    return managed(
        "read",
        () -> {
          List<Key> damaged = new ArrayList<>();
          for (Key key : folder.keys()) {
            try {
              Optional<Entry> entry = strict.entry(key);
              if (entry.isPresent()) {
                strict.read(entry.get(), Inline.CALLER);
              }
            } catch (EntryText.Damaged e) {
              putAside(key, String.valueOf(e.getMessage()));
              damaged.add(key);
            }
          }
          return damaged;
        });
  }

  /**
   * Removes entries until these limits hold, and what writers that died left over.
   *
   * @return what was removed
   * @throws KilnException where the folder cannot be read or written
   */
  public List<Entry> reduce(Limits limits) {
    return managed(
        "reduce",
        () -> {
          folder.sweep(ORPHANED);
          List<Entry> chosen = Evictor.choose(space.scan(), limits, Instant.now());
          chosen.forEach(this::evict);
          return chosen;
        });
  }

  /**
   * Removes all entries, damaged ones too.
   *
   * @throws KilnException where the folder cannot be read or written
   */
  public void clear() {
    managed(
        "clear",
        () -> {
          for (Key key : folder.keys()) {
            folder.remove(key);
          }
          folder.emptyQuarantine();
          return true;
        });
  }

  /**
   * Removes the entries of a group.
   *
   * @return what was removed
   * @throws KilnException where the folder cannot be read or written
   */
  public List<Entry> clear(String group) {
    return managed(
        "clear",
        () -> {
          List<Entry> removed = new ArrayList<>();
          String kept = EntryText.kept(group);
          for (Entry entry : entries()) {
            if (entry.group().equals(kept) && folder.remove(entry.key())) {
              removed.add(entry);
            }
          }
          return removed;
        });
  }

  /** Removes an entry; whether there was one. */
  public boolean remove(Key key) {
    return managed("clear", () -> folder.remove(key));
  }

  /** Does something with files. */
  @FunctionalInterface
  private interface Managing<T> {
    T run() throws IOException;
  }

  private <T> T managed(String what, Managing<T> managing) {
    try {
      return managing.run();
    } catch (IOException e) {
      throw new KilnException(
          "cannot "
              + what
              + " the store in "
              + folder.root()
              + ": "
              + e
              + "; check the folder's permissions",
          e);
    }
  }

  @Override
  public String toString() {
    return "store in " + folder.root();
  }

  /** Describes a store: what is not said has a default. */
  public static final class Builder {
    private final Path folder;
    private Hashing hashing = Hashing.XXH3;
    private Checks checks = Checks.FIRST_USE;
    private Limits limits = Limits.NONE;
    private boolean durable;
    private Duration slowerThan = Duration.ZERO;
    private boolean trustsFiles;
    private long blockBytes = 16 << 20;
    private Consumer<StoreEvent> listener = event -> {};

    private Builder(Path folder) {
      this.folder = folder;
    }

    /**
     * What identifies contents; XXH3 by default. Stores of different hashing don't find each
     * other's entries.
     */
    public Builder hashing(Hashing way) {
      this.hashing = way;
      return this;
    }

    /** When checksums are compared; at first use by default. */
    public Builder checks(Checks when) {
      this.checks = when;
      return this;
    }

    /** What the store may grow to; nothing limits it by default. */
    public Builder limits(Limits most) {
      this.limits = most;
      return this;
    }

    /**
     * Brings entries to the disk before they appear. Without it a loss of power may damage the last
     * entries, which their checksums tell.
     */
    public Builder durable() {
      this.durable = true;
      return this;
    }

    /** Keeps only what took at least so long to compute; blocks of a result count together. */
    public Builder slowerThan(Duration least) {
      this.slowerThan = least;
      return this;
    }

    /**
     * Takes files that arrays are mapped from as unchanged while their path, inode, size and time
     * of change are the same, instead of reading them. Their results are kept apart from those of
     * equal arrays elsewhere.
     */
    public Builder trustFiles() {
      this.trustsFiles = true;
      return this;
    }

    /** Other blocks than usual, for tests: whatever they are, results are the same. */
    Builder blockBytes(long bytes) {
      this.blockBytes = bytes;
      return this;
    }

    /** Who is told what happens, on the thread that it happens on. */
    public Builder listener(Consumer<StoreEvent> told) {
      this.listener = told;
      return this;
    }

    /**
     * Opens the store.
     *
     * @throws KilnException where the folder has other things in it, or cannot be made
     */
    public Store build() {
      return new Store(
          folder,
          new Settings(
              hashing, checks, limits, durable, slowerThan, trustsFiles, blockBytes, listener));
    }
  }
}
