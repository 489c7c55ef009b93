package dev.kiln.io;

import dev.kiln.KilnException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a ZIP file, also one of ZIP64, says it contains, checked against the length that it has. The
 * JDK's reader does not tell where an entry's bytes lie, so that they could be mapped.
 */
final class ZipDirectory {
  private static final int END = 0x0605_4b50;
  private static final int END_SIZE = 22;
  private static final int END64_LOCATOR = 0x0706_4b50;
  private static final int END64_LOCATOR_SIZE = 20;
  private static final int END64 = 0x0606_4b50;
  private static final int END64_SIZE = 56;
  private static final int CENTRAL = 0x0201_4b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL = 0x0403_4b50;
  private static final int LOCAL_SIZE = 30;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final long IN_EXTRA = 0xffff_ffffL;

  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final MemorySegment file;

  private ZipDirectory(String name, MemorySegment file) {
    this.name = name;
    this.file = file;
  }

  /**
   * An entry.
   *
   * @param name as the file has it; never used as a path
   * @param method {@link #STORED} or {@link #DEFLATED}
   * @param crc of the contents
   * @param size of the contents
   * @param data the bytes as they lie in the file
   */
  record Entry(String name, int method, int crc, long size, MemorySegment data) {}

  /**
   * Reads the directory.
   *
   * @throws KilnException where it is damaged or makes no sense
   */
  static List<Entry> read(String name, MemorySegment file) {
    try {
      return new ZipDirectory(name, file).entries();
    } catch (IndexOutOfBoundsException e) {
      throw new KilnException(
          name + " is damaged: its directory points outside it; write or copy it again", e);
    }
  }

  private List<Entry> entries() {
    long end = end();
    long count = Short.toUnsignedLong(file.get(SHORT, end + 10));
    long at = Integer.toUnsignedLong(file.get(INT, end + 16));
    long locator = end - END64_LOCATOR_SIZE;
    if (locator >= 0 && file.get(INT, locator) == END64_LOCATOR) {
      long end64 = file.get(LONG, locator + 8);
      if (end64 < 0 || end64 > file.byteSize() - END64_SIZE || file.get(INT, end64) != END64) {
        throw damaged("its ZIP64 directory is not where it should be");
      }
      count = file.get(LONG, end64 + 32);
      at = file.get(LONG, end64 + 48);
    }
    if (count < 0 || count > file.byteSize() / CENTRAL_SIZE) {
      throw damaged("it claims " + Long.toUnsignedString(count) + " entries");
    }
    List<Entry> entries = new ArrayList<>();
    long packed = 0;
    for (long k = 0; k < count; k++) {
      if (file.get(INT, at) != CENTRAL) {
        throw damaged("its directory has no entry " + k);
      }
      Entry entry = entry(at);
      // Entries that share their bytes make a small file claim any amount of data.
      packed += entry.data().byteSize();
      if (packed > file.byteSize()) {
        throw damaged("its entries overlap");
      }
      entries.add(entry);
      at += CENTRAL_SIZE + unsigned(at + 28) + unsigned(at + 30) + unsigned(at + 32);
    }
    return entries;
  }

  /** Where the end record is: the last place that looks like it, before a comment. */
  private long end() {
    long last = file.byteSize() - END_SIZE;
    for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (file.get(INT, at) == END && unsigned(at + 20) == last - at) {
        return at;
      }
    }
    throw damaged("it has no directory; was it cut short?");
  }

  private Entry entry(long at) {
    int flags = unsigned(at + 8);
    int method = unsigned(at + 10);
    int crc = file.get(INT, at + 16);
    long packed = Integer.toUnsignedLong(file.get(INT, at + 20));
    long size = Integer.toUnsignedLong(file.get(INT, at + 24));
    int nameLength = unsigned(at + 28);
    long local = Integer.toUnsignedLong(file.get(INT, at + 42));
    String entry =
        new String(
            file.asSlice(at + CENTRAL_SIZE, nameLength).toArray(ValueLayout.JAVA_BYTE),
            StandardCharsets.UTF_8);
    // What does not fit in 32 bits stands in an extra field, in this order.
    long extra = at + CENTRAL_SIZE + nameLength;
    long extraEnd = extra + unsigned(at + 30);
    while (extra + 4 <= extraEnd) {
      int length = unsigned(extra + 2);
      if (unsigned(extra) == 1) {
        long field = extra + 4;
        if (size == IN_EXTRA) {
          size = file.get(LONG, field);
          field += 8;
        }
        if (packed == IN_EXTRA) {
          packed = file.get(LONG, field);
          field += 8;
        }
        if (local == IN_EXTRA) {
          local = file.get(LONG, field);
        }
      }
      extra += 4 + length;
    }
    if ((flags & 1) != 0) {
      throw new KilnException(name + ": the entry " + printable(entry) + " is encrypted");
    }
    if (local < 0 || file.get(INT, local) != LOCAL) {
      throw damaged("the entry " + printable(entry) + " is not where it should be");
    }
    long data = local + LOCAL_SIZE + unsigned(local + 26) + unsigned(local + 28);
    if (packed < 0 || size < 0 || data > file.byteSize() || packed > file.byteSize() - data) {
      throw damaged("the entry " + printable(entry) + " does not lie in it");
    }
    return new Entry(entry, method, crc, size, file.asSlice(data, packed));
  }

  private int unsigned(long at) {
    return Short.toUnsignedInt(file.get(SHORT, at));
  }

  private KilnException damaged(String how) {
    return ValueFile.damaged(name, how);
  }

  /** What comes from a file and goes to a terminal. */
  static String printable(String text) {
    StringBuilder safe = new StringBuilder("'");
    text.chars().limit(60).forEach(c -> safe.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
    return safe.append('\'').toString();
  }
}
