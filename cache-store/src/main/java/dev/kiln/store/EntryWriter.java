package dev.kiln.store;

import dev.kiln.io.FileOutput;
import dev.kiln.io.NpyHeader;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore.Wanted;
import dev.kiln.spi.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Writes an entry under a temporary name and publishes it whole. */
public final class EntryWriter {
  private final Folder folder;
  private final Store.Settings settings;

  EntryWriter(Folder folder, Store.Settings settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /** Writes the data of an entry. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to the channel, from its start. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes an array while its hash is computed; empty where another entry was there before.
   *
   * @param hash gives the hash of the array's elements
   */
  Optional<Entry> array(
      Wanted wanted,
      String group,
      Buffer value,
      Supplier<byte[]> hash,
      Duration took,
      Workers workers)
      throws IOException {
    Entry.Data data = new Entry.Data.Array(wanted.dtype(), wanted.shape());
    byte[] header = NpyHeader.format(wanted.dtype(), wanted.shape());
    Path temporary = folder.newTemporary();
    return published(
        temporary,
        () -> {
          Path file = temporary.resolve(data.file());
          byte[][] hashed = new byte[1][];
          together(workers, () -> elements(file, header, value), () -> hashed[0] = hash.get());
          return new Entry(
              wanted.key(),
              data,
              header.length + value.byteSize(),
              EntryReader.checksum(settings.hashing(), hashed[0]),
              Instant.now(),
              took,
              group,
              wanted.label());
        });
  }

  private void elements(Path file, byte[] header, Buffer value) throws IOException {
    try (FileChannel channel = create(file)) {
      FileOutput out = new FileOutput(channel);
      out.write(header);
      value.hold();
      try {
        out.write(value.contents());
      } finally {
        value.unpin();
      }
      force(channel);
    }
  }

  /** Does something with files. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** Does both, at once where somebody is idle. */
  private static void together(Workers workers, Work first, Work second) throws IOException {
    try {
      workers.forEach(
          2,
          (chunk, worker) -> {
            try {
              (chunk == 0 ? first : second).run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Writes a value of several parts, whose hash is that of its file; empty where another entry was
   * there before.
   */
  Optional<Entry> value(
      Key key, String group, String label, Content content, Duration took, Workers workers)
      throws IOException {
    Entry.Data data = new Entry.Data.Value();
    Path temporary = folder.newTemporary();
    return published(
        temporary,
        () -> {
          try (FileChannel channel = create(temporary.resolve(data.file()));
              Arena arena = Arena.ofShared()) {
            content.writeTo(channel);
            force(channel);
            long bytes = channel.size();
            MemorySegment written = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
            byte[] hash = settings.hashing().of(written, workers);
            return new Entry(
                key,
                data,
                bytes,
                EntryReader.checksum(settings.hashing(), hash),
                Instant.now(),
                took,
                group,
                label);
          }
        });
  }

  /** Writes the data and says what stands beside it. */
  @FunctionalInterface
  private interface Data {
    Entry write() throws IOException;
  }

  private Optional<Entry> published(Path temporary, Data data) throws IOException {
    boolean done = false;
    try {
      Entry entry = data.write();
      try (FileChannel channel = create(temporary.resolve(EntryText.FILE))) {
        new FileOutput(channel).write(EntryText.write(entry));
        force(channel);
      }
      done = folder.publish(temporary, entry.key());
      return done ? Optional.of(entry) : Optional.empty();
    } finally {
      if (!done) {
        Folder.delete(temporary);
      }
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        Folder.OWNER_FILE);
  }

  private void force(FileChannel channel) throws IOException {
    if (settings.durable()) {
      channel.force(true);
    }
  }
}
