package dev.kiln.store;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.io.NpyHeader;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore.Wanted;
import dev.kiln.spi.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Writes an entry under a temporary name and publishes it whole. */
public final class EntryWriter {
  private static final long CHUNK = 1L << 28;

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

  /** Writes an array whose hash is known; empty where another entry was there before. */
  Optional<Entry> array(Wanted wanted, String group, Buffer value, byte[] hash, Duration took)
      throws IOException {
    DType dtype = wanted.dtype();
    Shape shape = wanted.shape();
    byte[] header = NpyHeader.format(dtype, shape);
    Entry entry =
        new Entry(
            wanted.key(),
            new Entry.Data.Array(dtype, shape),
            header.length + value.byteSize(),
            EntryReader.checksum(settings.hashing(), hash),
            Instant.now(),
            took,
            group,
            wanted.label());
    Path temporary = folder.newTemporary();
    return published(
        temporary,
        () -> {
          try (FileChannel channel = create(temporary.resolve(entry.data().file()))) {
            writeAll(channel, ByteBuffer.wrap(header));
            value.pin();
            try {
              writeAll(channel, value.segment());
            } finally {
              value.unpin();
            }
            force(channel);
          }
          return entry;
        });
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
        writeAll(channel, ByteBuffer.wrap(EntryText.write(entry)));
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

  private static void writeAll(FileChannel channel, MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      long length = Math.min(CHUNK, bytes.byteSize() - at);
      writeAll(channel, bytes.asSlice(at, length).asByteBuffer());
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
