package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Reads and writes named arrays in NumPy's {@code .npz} format: a ZIP file of {@code .npy} files.
 */
public final class NpzFile {
  private static final String SUFFIX = ".npy";
  private static final int CHUNK = 1 << 20;

  /** Deflate makes at most 1032 bytes of one. */
  private static final long MOST_INFLATED = 1040;

  private NpzFile() {}

  /**
   * An array to be written.
   *
   * @param data its elements, dense and row-major; asked for when it is its turn
   */
  public record Named(String name, DType dtype, Shape shape, Supplier<MemorySegment> data) {
    /** The size of the elements. */
    public long bytes() {
      return Math.multiplyExact(shape.size(), dtype.bytes());
    }
  }

  /**
   * Reads a file. Arrays that are not compressed are mapped, their checksums not compared;
   * compressed ones are.
   *
   * @param memory gives the memory for what is compressed
   * @throws KilnException where the file is missing, damaged, or has what Kiln has not
   */
  public static SequencedMap<String, NpyArray> read(Path path, LongFunction<MemorySegment> memory) {
    return read(path.toString(), MappedFile.of(path).contents(), memory);
  }

  static SequencedMap<String, NpyArray> read(
      String file, MemorySegment contents, LongFunction<MemorySegment> memory) {
    SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
    for (ZipDirectory.Entry entry : ZipDirectory.read(file, contents)) {
      String name = name(file, entry.name());
      String place = file + "(" + ZipDirectory.printable(name) + ")";
      MemorySegment npy =
          switch (entry.method()) {
            case ZipDirectory.STORED -> stored(place, entry);
            case ZipDirectory.DEFLATED -> inflated(place, entry, memory);
            default ->
                throw new KilnException(
                    place
                        + " is compressed by method "
                        + entry.method()
                        + "; expected what numpy.savez or savez_compressed writes");
          };
      if (arrays.put(name, NpyFile.parse(place, npy, Optional.empty())) != null) {
        throw ValueFile.damaged(file, "it has two arrays " + ZipDirectory.printable(name));
      }
    }
    return arrays;
  }

  /** Whether a file begins as one of these; an empty one has an end and nothing else. */
  public static boolean isOne(MemorySegment file) {
    if (file.byteSize() < 4) {
      return false;
    }
    int start = Integer.reverseBytes(file.get(ValueLayout.JAVA_INT_UNALIGNED, 0));
    return start == 0x504b_0304 || start == 0x504b_0506;
  }

  private static String name(String file, String entry) {
    String name =
        entry.endsWith(SUFFIX) ? entry.substring(0, entry.length() - SUFFIX.length()) : entry;
    boolean climbs = List.of(name.split("[/\\\\]", -1)).contains("..");
    if (name.isEmpty() || name.startsWith("/") || name.indexOf('\0') >= 0 || climbs) {
      throw new KilnException(
          file
              + " has an array by the name "
              + ZipDirectory.printable(entry)
              + ", which is a path and not a name; it was not written by numpy.savez");
    }
    return name;
  }

  private static MemorySegment stored(String place, ZipDirectory.Entry entry) {
    if (entry.data().byteSize() != entry.size()) {
      throw ValueFile.damaged(place, "it has two sizes");
    }
    return entry.data();
  }

  private static MemorySegment inflated(
      String place, ZipDirectory.Entry entry, LongFunction<MemorySegment> memory) {
    long packed = entry.data().byteSize();
    if (entry.size() / MOST_INFLATED > packed) {
      throw ValueFile.damaged(
          place, packed + " bytes cannot be " + entry.size() + " bytes compressed");
    }
    MemorySegment target = memory.apply(entry.size());
    Inflater inflater = new Inflater(true);
    try {
      CRC32 crc = new CRC32();
      long read = 0;
      long written = 0;
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          if (read == packed) {
            throw ValueFile.damaged(place, "its compressed data ends too early");
          }
          long length = Math.min(CHUNK, packed - read);
          inflater.setInput(entry.data().asSlice(read, length).asByteBuffer());
          read += length;
        }
        // One byte of room more than there should be data.
        long room = Math.min(CHUNK, entry.size() - written);
        ByteBuffer into =
            room == 0 ? ByteBuffer.allocate(1) : target.asSlice(written, room).asByteBuffer();
        int count = inflater.inflate(into);
        if (room == 0 && count > 0) {
          throw ValueFile.damaged(place, "it has more data than it says");
        }
        if (inflater.needsDictionary()) {
          throw ValueFile.damaged(place, "its compressed data needs a dictionary");
        }
        crc.update(into.flip());
        written += count;
      }
      if (written != entry.size() || (int) crc.getValue() != entry.crc()) {
        throw ValueFile.damaged(place, "its data has another size or checksum");
      }
      return target.asReadOnly();
    } catch (DataFormatException e) {
      throw new KilnException(
          place + " is damaged: its compressed data is none; write or copy it again", e);
    } finally {
      inflater.end();
    }
  }

  /**
   * Writes a file, which appears whole or not at all.
   *
   * @param compressed whether by Deflate, as {@code numpy.savez_compressed}
   * @param told of how many bytes of elements were written, piece by piece
   * @throws KilnException where it cannot be written, or a name is none
   */
  public static void write(Path path, List<Named> arrays, boolean compressed, LongConsumer told) {
    Map<String, Named> names = new LinkedHashMap<>();
    for (Named array : arrays) {
      if (names.put(name(path.toString(), array.name() + SUFFIX), array) != null) {
        throw new KilnException("two arrays have the name '" + array.name() + "'");
      }
    }
    AtomicFile.write(
        path,
        channel -> {
          // Not closed: the channel is the caller's.
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), CHUNK);
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Named array : arrays) {
            write(zip, array, compressed, told);
          }
          zip.finish();
          out.flush();
        });
  }

  private static void write(ZipOutputStream zip, Named array, boolean compressed, LongConsumer told)
      throws IOException {
    byte[] header = NpyHeader.format(array.dtype(), array.shape());
    MemorySegment data = array.data().get();
    ZipEntry entry = new ZipEntry(array.name() + SUFFIX);
    // NumPy's own files have this date.
    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
    if (!compressed) {
      CRC32 crc = new CRC32();
      crc.update(header);
      for (long at = 0; at < data.byteSize(); at += CHUNK) {
        crc.update(chunk(data, at).asByteBuffer());
      }
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(header.length + data.byteSize());
      entry.setCrc(crc.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(header);
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      byte[] chunk = chunk(data, at).toArray(ValueLayout.JAVA_BYTE);
      zip.write(chunk);
      told.accept(chunk.length);
    }
    zip.closeEntry();
  }

  private static MemorySegment chunk(MemorySegment data, long at) {
    return data.asSlice(at, Math.min(CHUNK, data.byteSize() - at));
  }
}
