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
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * A file of one {@link Value}, whose arrays are mapped where they lie. All numbers are
 * little-endian.
 *
 * <pre>
 * offset 0   8 bytes   0x8b "KILN" 0x0d 0x0a 0x1a
 *        8   4 bytes   version: 1, or 2 where an array is compressed
 *       12   4 bytes   CRC-32C of the tree
 *       16   8 bytes   length of the tree
 *       24             the tree, see {@link ValueTree}
 *                      zeros up to a multiple of 64
 *                      the arrays' elements, or compressed blocks, each array at a multiple
 *                      of 64, zeros between
 * </pre>
 */
public final class ValueFile {
  /** What a file begins with. */
  static final long MAGIC = 0x1a0a_0d4e_4c49_4b8bL;

  private static final int VERSION = 1;
  private static final int PACKED_VERSION = 2;
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
    write(channel, value, Optional.empty(), bytes -> {});
  }

  /** Writes a file, which appears whole or not at all. */
  public static void write(Path path, Value value) {
    write(path, value, Optional.empty(), bytes -> {});
  }

  /**
   * Writes a file, which appears whole or not at all.
   *
   * @param packing to compress arrays with
   * @param told of how many bytes of elements were written, piece by piece
   */
  public static void write(Path path, Value value, Optional<Packing> packing, LongConsumer told) {
    AtomicFile.write(path, channel -> write(channel, value, packing, told));
  }

  private static void write(
      FileChannel channel, Value value, Optional<Packing> packing, LongConsumer told)
      throws IOException {
    List<ValueTree.Placed> arrays = new ArrayList<>();
    ValueTree.collect(
        value,
        array ->
            arrays.add(
                new ValueTree.Placed(
                    array,
                    packing
                        .filter(with -> Packing.isFor(array))
                        .map(with -> PackedArray.of(with.by(), array.bytes())))));
    FileOutput out = new FileOutput(channel, told);
    byte[] head = head(value, arrays);
    out.write(head);
    boolean isPacked = false;
    for (ValueTree.Placed placed : arrays) {
      MemorySegment data = placed.array().data().get();
      if (data.byteSize() != placed.array().bytes()) {
        throw new AssertionError(data.byteSize() + " bytes for " + placed.array());
      }
      if (placed.packed().isPresent()) {
        isPacked = true;
        int width = placed.array().dtype().bytes();
        placed.packed().get().write(data, width, packing.orElseThrow(), out);
      } else {
        out.write(data);
      }
      out.write(new byte[(int) (aligned(placed.bytes()) - placed.bytes())]);
    }
    if (isPacked) {
      // What the blocks have become is known now.
      channel.position(0);
      out.write(head(value, arrays));
    }
  }

  /** Bytes of the elements of all arrays. */
  public static long elements(Value value) {
    List<Value.Array> arrays = new ArrayList<>();
    ValueTree.collect(value, arrays::add);
    return arrays.stream().mapToLong(Value.Array::bytes).sum();
  }

  /** Header and tree, of the same length whatever the arrays have become. */
  private static byte[] head(Value value, List<ValueTree.Placed> arrays) {
    ByteArrayOutputStream tree = new ByteArrayOutputStream();
    ValueTree.write(value, tree, arrays);
    byte[] bytes = tree.toByteArray();
    boolean isPacked = arrays.stream().anyMatch(placed -> placed.packed().isPresent());
    ByteBuffer head =
        ByteBuffer.allocate(Math.toIntExact(aligned(HEADER + bytes.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(MAGIC).putInt(isPacked ? PACKED_VERSION : VERSION);
    head.putInt(crc(ByteBuffer.wrap(bytes))).putLong(bytes.length).put(bytes);
    return head.array();
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
   * The value in a file's bytes, of which nothing may be compressed.
   *
   * @param name of the file, for messages
   * @throws KilnException where it is no such file, or damaged
   */
  public static Value read(String name, MemorySegment file) {
    return read(name, file, Optional.empty());
  }

  /**
   * The value in a file's bytes. Compressed arrays are inflated when they are asked for.
   *
   * @param name of the file, for messages
   * @throws KilnException where it is no such file, or damaged
   */
  static Value read(String name, MemorySegment file, Unpacking unpacking) {
    return read(name, file, Optional.of(unpacking));
  }

  private static Value read(String name, MemorySegment file, Optional<Unpacking> unpacking) {
    if (!isOne(file)) {
      throw new KilnException(name + " is no file of Kiln values; load what dump has written");
    }
    if (file.byteSize() < HEADER) {
      throw damaged(name, "it ends within its header");
    }
    int version = file.get(INT, 8);
    boolean isPacked = version == PACKED_VERSION && unpacking.isPresent();
    if (version != VERSION && !isPacked) {
      throw new KilnException(
          name
              + " has version "
              + Integer.toUnsignedString(version)
              + ", and this Kiln knows "
              + (unpacking.isPresent() ? VERSION + " and " + PACKED_VERSION : VERSION + " here")
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
    return new ValueTree(name, tree, arrays, isPacked ? unpacking : Optional.empty()).read();
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
