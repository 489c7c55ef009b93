package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of one {@link Value}, whose arrays are mapped where they lie. All numbers are
 * little-endian.
 *
 * <pre>
 * offset 0   8 bytes   0x8b "KILN" 0x0d 0x0a 0x1a
 *        8   4 bytes   version: 1
 *       12   4 bytes   CRC-32C of the tree
 *       16   8 bytes   length of the tree
 *       24             the tree, see {@link ValueTree}
 *                      zeros up to a multiple of 64
 *                      the arrays' elements, each at a multiple of 64, zeros between
 * </pre>
 */
public final class ValueFile {
  /** What a file begins with. */
  static final long MAGIC = 0x1a0a_0d4e_4c49_4b8bL;

  private static final int VERSION = 1;
  private static final int HEADER = 24;
  static final int ALIGNMENT = 64;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private ValueFile() {}

  /**
   * Writes a value to a channel, from its start. The elements of each array are asked for when it
   * is their turn.
   */
  public static void write(FileChannel channel, Value value) throws IOException {
    List<Value.Array> arrays = new ArrayList<>();
    ByteArrayOutputStream tree = new ByteArrayOutputStream();
    ValueTree.write(value, tree, arrays);
    byte[] bytes = tree.toByteArray();
    long start = aligned(HEADER + bytes.length);
    ByteBuffer head = ByteBuffer.allocate(Math.toIntExact(start)).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(MAGIC).putInt(VERSION).putInt(crc(ByteBuffer.wrap(bytes)));
    head.putLong(bytes.length).put(bytes);
    FileOutput out = new FileOutput(channel);
    out.write(head.array());
    for (Value.Array array : arrays) {
      MemorySegment data = array.data().get();
      if (data.byteSize() != array.bytes()) {
        throw new AssertionError(data.byteSize() + " bytes for " + array);
      }
      out.write(data);
      out.write(new byte[(int) (aligned(data.byteSize()) - data.byteSize())]);
    }
  }

  /** Writes a file, which appears whole or not at all. */
  public static void write(Path path, Value value) {
    AtomicFile.write(path, channel -> write(channel, value));
  }

  /**
   * Maps a file.
   *
   * @throws KilnException where it is missing, or no such file, or damaged
   */
  public static Value read(Path path) {
    return read(path.toString(), MappedFile.of(path).contents());
  }

  /**
   * The value in a file's bytes.
   *
   * @param name of the file, for messages
   * @throws KilnException where it is no such file, or damaged
   */
  public static Value read(String name, MemorySegment file) {
    if (!isOne(file)) {
      throw new KilnException(name + " is no file of Kiln values; load what dump has written");
    }
    if (file.byteSize() < HEADER) {
      throw damaged(name, "it ends within its header");
    }
    int version = file.get(INT, 8);
    if (version != VERSION) {
      throw new KilnException(
          name
              + " has version "
              + Integer.toUnsignedString(version)
              + ", and this Kiln knows "
              + VERSION
              + "; it was written by a newer one");
    }
    long length = file.get(LONG, 16);
    if (length < 0 || length > Math.min(file.byteSize() - HEADER, Integer.MAX_VALUE - 64)) {
      throw damaged(name, "its tree of " + Long.toUnsignedString(length) + " bytes exceeds it");
    }
    ByteBuffer tree = file.asSlice(HEADER, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    if (crc(tree.duplicate()) != file.get(INT, 12)) {
      throw damaged(name, "the checksum of its tree is another");
    }
    long start = aligned(HEADER + length);
    MemorySegment arrays = start <= file.byteSize() ? file.asSlice(start) : MemorySegment.NULL;
    return new ValueTree(name, tree, arrays).read();
  }

  /** Whether a file begins as one of these. */
  public static boolean isOne(MemorySegment file) {
    return file.byteSize() >= 8 && file.get(LONG, 0) == MAGIC;
  }

  static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  static KilnException damaged(String name, String how) {
    return new KilnException(name + " is damaged: " + how + "; write or copy it again");
  }

  /** Elements that are what they claim; only a bool can be wrong. */
  static MemorySegment checked(String name, DType dtype, MemorySegment data) {
    if (dtype == DType.BOOL) {
      NpyFile.checkBools(name, data);
    }
    return data;
  }
}
