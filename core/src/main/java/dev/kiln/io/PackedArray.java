package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.spi.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * An array in compressed blocks, which follow one another. In each block the first bytes of all
 * elements come first, then their second bytes, and so on: neighbours in an array are alike at
 * their high ends, so that this alone may halve what is left. The checksum is that of the elements.
 */
final class PackedArray {
  /** Below this much a table and a header of a block are no gain. */
  static final int SMALLEST = 4096;

  /** Enough for a compression to learn from, and few enough for each worker to have its own. */
  private static final int BLOCK = 1 << 20;

  /** So that a few bytes cannot make much of memory busy. */
  private static final int LARGEST_BLOCK = 64 << 20;

  /** Of a block in the table. */
  private static final int ENTRY = 8;

  private final String method;
  private final int block;
  private final int[] lengths;
  private final int[] checksums;

  /**
   * An array's blocks.
   *
   * @param method the compression's name
   * @param block bytes of elements in each but the last
   * @param count how many there are
   */
  private PackedArray(String method, int block, int count) {
    this.method = method;
    this.block = block;
    this.lengths = new int[count];
    this.checksums = new int[count];
  }

  /** The compression's name. */
  String method() {
    return method;
  }

  /** A table of so many bytes of elements, to be filled. */
  static PackedArray of(Compression by, long bytes) {
    int blocks = Math.toIntExact(Math.ceilDiv(bytes, BLOCK));
    return new PackedArray(by.name(), BLOCK, blocks);
  }

  /** The bytes of all blocks. */
  long packed() {
    long sum = 0;
    for (int length : lengths) {
      sum += length;
    }
    return sum;
  }

  private long elements(int k, long bytes) {
    return Math.min(block, bytes - (long) k * block);
  }

  /** Compresses and writes the blocks, and fills the table. */
  void write(MemorySegment data, int width, Packing packing, FileOutput out) throws IOException {
    int together = (int) Math.min(lengths.length, 2L * packing.workers().count());
    long room = Math.max(block, packing.by().bound(block));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment[] shuffled = new MemorySegment[packing.workers().count()];
      for (int worker = 0; worker < shuffled.length; worker++) {
        shuffled[worker] = arena.allocate(block, 64);
      }
      MemorySegment[] packed = new MemorySegment[together];
      for (int k = 0; k < together; k++) {
        packed[k] = arena.allocate(room, 64);
      }
      for (int first = 0; first < lengths.length; first += together) {
        int start = first;
        int count = Math.min(together, lengths.length - first);
        packing
            .workers()
            .forEach(
                count,
                (chunk, worker) -> {
                  int k = start + (int) chunk;
                  MemorySegment elements =
                      data.asSlice((long) k * block, elements(k, data.byteSize()));
                  checksums[k] = crc(elements);
                  lengths[k] =
                      pack(elements, width, packing.by(), shuffled[worker], packed[(int) chunk]);
                });
        for (int k = first; k < first + count; k++) {
          out.write(packed[k - first].asSlice(0, lengths[k]), elements(k, data.byteSize()));
        }
      }
    }
  }

  private static int pack(
      MemorySegment elements,
      int width,
      Compression by,
      MemorySegment shuffled,
      MemorySegment packed) {
    MemorySegment apart = shuffled.asSlice(0, elements.byteSize());
    ByteColumns.split(elements, apart, width);
    long length = by.compress(apart, packed);
    if (length < elements.byteSize()) {
      return Math.toIntExact(length);
    }
    packed.copyFrom(elements);
    return Math.toIntExact(elements.byteSize());
  }

  /** Writes the table. */
  void write(ByteArrayOutputStream out) {
    ByteBuffer table =
        ByteBuffer.allocate(4 + ENTRY * lengths.length).order(ByteOrder.LITTLE_ENDIAN);
    table.putInt(block);
    for (int k = 0; k < lengths.length; k++) {
      table.putInt(lengths[k]).putInt(checksums[k]);
    }
    out.writeBytes(table.array());
  }

  /**
   * Reads a table.
   *
   * @param bytes of the array's elements
   * @throws KilnException where it makes no sense
   */
  static PackedArray read(String name, String method, long bytes, int width, ByteBuffer tree) {
    int block = tree.getInt();
    if (block <= 0 || block > LARGEST_BLOCK || block % width != 0) {
      throw ValueFile.damaged(
          name, "its blocks of " + Integer.toUnsignedString(block) + " bytes make no sense");
    }
    long count = Math.ceilDiv(bytes, block);
    if (count > tree.remaining() / ENTRY) {
      throw ValueFile.damaged(name, "a table of " + count + " blocks exceeds its tree");
    }
    PackedArray packed = new PackedArray(method, block, (int) count);
    for (int k = 0; k < count; k++) {
      packed.lengths[k] = tree.getInt();
      packed.checksums[k] = tree.getInt();
      // One that is as long as its elements is these, uncompressed.
      if (packed.lengths[k] <= 0 || packed.lengths[k] > packed.elements(k, bytes)) {
        throw ValueFile.damaged(
            name,
            "a block of "
                + packed.elements(k, bytes)
                + " bytes has "
                + Integer.toUnsignedString(packed.lengths[k])
                + " compressed");
      }
    }
    return packed;
  }

  /**
   * Inflates all blocks.
   *
   * @param name of the file, for messages
   * @param blocks where they lie
   * @throws KilnException where there is nothing that inflates them, no memory, or one is damaged
   */
  MemorySegment inflate(
      String name, MemorySegment blocks, DType dtype, long bytes, Unpacking unpacking) {
    Optional<Compression> known = Compressions.named(method);
    if (known.isEmpty()) {
      throw Compressions.missing(name, method);
    }
    Compression by = known.get();
    long[] starts = new long[lengths.length];
    for (int k = 1; k < starts.length; k++) {
      starts[k] = starts[k - 1] + lengths[k - 1];
    }
    MemorySegment target = unpacking.memory().apply(bytes);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment[] shuffled = new MemorySegment[unpacking.workers().count()];
      for (int worker = 0; worker < shuffled.length; worker++) {
        shuffled[worker] = arena.allocate(Math.min(block, bytes), 64);
      }
      unpacking
          .workers()
          .forEach(
              lengths.length,
              (chunk, worker) -> {
                int k = (int) chunk;
                MemorySegment from = blocks.asSlice(starts[k], lengths[k]);
                MemorySegment to = target.asSlice((long) k * block, elements(k, bytes));
                unpack(name, by, from, to, shuffled[worker], dtype.bytes());
                if (crc(to) != checksums[k]) {
                  throw ValueFile.damaged(name, "the checksum of a compressed block is another");
                }
              });
    }
    return ValueFile.checked(name, dtype, target).asReadOnly();
  }

  private static void unpack(
      String name,
      Compression by,
      MemorySegment from,
      MemorySegment to,
      MemorySegment shuffled,
      int width) {
    if (from.byteSize() == to.byteSize()) {
      to.copyFrom(from);
      return;
    }
    MemorySegment apart = shuffled.asSlice(0, to.byteSize());
    try {
      by.inflate(from, apart);
    } catch (KilnException e) {
      throw new KilnException(
          name
              + " is damaged: a compressed block cannot be inflated: "
              + e.getMessage()
              + "; write or copy it again",
          e);
    }
    ByteColumns.join(apart, to, width);
  }

  private static int crc(MemorySegment elements) {
    CRC32C crc = new CRC32C();
    crc.update(
        elements.isNative()
            ? elements.asByteBuffer()
            : ByteBuffer.wrap(elements.toArray(ValueLayout.JAVA_BYTE)));
    return (int) crc.getValue();
  }
}
