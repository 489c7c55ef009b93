package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header of a {@code .npy} file, formats 1.0, 2.0 and 3.0.
 *
 * <p>Bytes: {@code 0x93 "NUMPY"}, major and minor version, the length of the text as an unsigned
 * little-endian number of 16 (1.0) or 32 bits (2.0, 3.0), and the text, a Python dict such as
 * <code>
 * {'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</code>, padded with spaces. The
 * elements follow.
 *
 * @param dtype of the elements
 * @param order of the bytes of an element; the native one where an element has one byte
 * @param fortranOrder whether the first axis runs fastest
 * @param shape of the array
 * @param dataOffset where the elements begin, in bytes from the start of the file
 */
public record NpyHeader(
    DType dtype, ByteOrder order, boolean fortranOrder, Shape shape, long dataOffset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** What comes before the text in version 1.0. */
  private static final int PREFIX = 10;

  /** The elements begin at a multiple of this. */
  private static final int ALIGNMENT = 64;

  /** NumPy leaves room for the growing extent to become this many digits long. */
  private static final int GROWTH_DIGITS = 21;

  /** No plain array needs more; a longer text is damage or a structured dtype. */
  private static final int LONGEST_TEXT = 65_535;

  private static final ValueLayout.OfShort LITTLE_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt LITTLE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Reads the header.
   *
   * @param name of the file, for messages
   * @param file the whole file
   * @throws KilnException where this is no {@code .npy} file, a damaged one, or one of a dtype that
   *     Kiln has not
   */
  public static NpyHeader parse(String name, MemorySegment file) {
    long size = file.byteSize();
    byte[] start = file.asSlice(0, Math.min(size, 8)).toArray(ValueLayout.JAVA_BYTE);
    int magic = Math.min(start.length, MAGIC.length);
    if (magic == 0 || !Arrays.equals(start, 0, magic, MAGIC, 0, magic)) {
      throw new KilnException(
          name
              + " is not a .npy file: found "
              + (size == 0 ? "an empty file" : "a file that begins with " + hex(start))
              + ", expected \\x93NUMPY; save the array with numpy.save");
    }
    if (size < PREFIX) {
      throw truncated(name, PREFIX, size);
    }
    int major = start[6];
    int minor = start[7];
    if (major < 1 || major > 3 || minor != 0) {
      throw new KilnException(
          name
              + " has .npy format version "
              + (major & 0xff)
              + "."
              + (minor & 0xff)
              + "; expected 1.0, 2.0 or 3.0; save it again with numpy.save");
    }
    int prefix = major == 1 ? PREFIX : PREFIX + 2;
    if (size < prefix) {
      throw truncated(name, prefix, size);
    }
    long length =
        major == 1
            ? Short.toUnsignedLong(file.get(LITTLE_SHORT, 8))
            : Integer.toUnsignedLong(file.get(LITTLE_INT, 8));
    if (prefix + length > size) {
      throw truncated(name, prefix + length, size);
    }
    if (length > LONGEST_TEXT) {
      throw new KilnException(
          name
              + " has a header of "
              + length
              + " bytes; a plain array needs at most "
              + LONGEST_TEXT
              + "; structured arrays are not supported, save each field as an array of its own");
    }
    byte[] text = file.asSlice(prefix, length).toArray(ValueLayout.JAVA_BYTE);
    var charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return new NpyDict(name, new String(text, charset)).parse(prefix + length);
  }

  /**
   * The number of bytes that the elements take.
   *
   * @throws KilnException where it does not fit in 63 bits
   */
  public long dataBytes(String name) {
    try {
      return Math.multiplyExact(shape.size(), dtype.bytes());
    } catch (ArithmeticException e) {
      throw new KilnException(
          name
              + ": an array of "
              + dtype
              + " and shape "
              + shape
              + " exceeds 2^63 - 1 bytes; the file is damaged",
          e);
    }
  }

  /**
   * The bytes of the header that NumPy itself writes for a row-major array in native byte order:
   * version 1.0, the elements at a multiple of 64 bytes.
   *
   * @throws KilnException where the shape has so many axes that the text exceeds 65,535 bytes
   */
  public static byte[] format(DType dtype, Shape shape) {
    StringBuilder text =
        new StringBuilder("{'descr': '")
            .append(descr(dtype))
            .append("', 'fortran_order': False, 'shape': ")
            .append(shape)
            .append(", }");
    if (shape.rank() > 0) {
      text.repeat(' ', GROWTH_DIGITS - Long.toString(shape.extent(0)).length());
    }
    int unpadded = PREFIX + text.length() + 1;
    text.repeat(' ', Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT - unpadded).append('\n');
    if (text.length() > LONGEST_TEXT) {
      throw new KilnException(
          "an array of "
              + shape.rank()
              + " axes has too many for a .npy file; reshape it to fewer");
    }
    byte[] header = new byte[PREFIX + text.length()];
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    header[6] = 1;
    header[7] = 0;
    header[8] = (byte) text.length();
    header[9] = (byte) (text.length() >> 8);
    byte[] ascii = text.toString().getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, header, PREFIX, ascii.length);
    return header;
  }

  /** NumPy's name of a dtype in native byte order: {@code <f4}. */
  private static String descr(DType dtype) {
    char order =
        dtype.bytes() == 1 ? '|' : ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? '<' : '>';
    char kind =
        switch (dtype.kind()) {
          case BOOL -> 'b';
          case SIGNED -> 'i';
          case UNSIGNED -> 'u';
          case FLOAT -> 'f';
          case COMPLEX -> 'c';
        };
    return "" + order + kind + dtype.bytes();
  }

  private static KilnException truncated(String name, long expected, long found) {
    return new KilnException(
        name
            + " is truncated within its header: expected at least "
            + expected
            + " bytes, found "
            + found
            + "; save or copy the file again");
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
