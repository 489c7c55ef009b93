package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.spi.Origin;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;

/** Reads and writes one array in NumPy's {@code .npy} format. */
public final class NpyFile {
  private NpyFile() {}

  /**
   * Reads a file of format 1.0, 2.0 or 3.0 and any real dtype.
   *
   * <p>The file is mapped, not copied, and stays mapped until the returned segment is unreachable;
   * it must not be cut shorter in the meantime (replacing it by {@link #write} is harmless). Only
   * big-endian elements are copied, to swap their bytes. A bool of a byte other than 0 or 1 is
   * refused rather than guessed at, since {@code numpy.save} writes none.
   *
   * @throws KilnException where the file is missing, damaged, of another length than its header
   *     says, or of a dtype that Kiln has not
   */
  public static NpyArray read(Path path) {
    MappedFile mapped = MappedFile.of(path);
    return parse(path.toString(), mapped.contents(), mapped.origin());
  }

  /** The array in a file's bytes. */
  static NpyArray parse(String name, MemorySegment file, Optional<Origin> whole) {
    NpyHeader header = NpyHeader.parse(name, file);
    long bytes = header.dataBytes(name);
    long found = file.byteSize() - header.dataOffset();
    if (found < bytes) {
      throw new KilnException(
          name
              + " is truncated: expected "
              + bytes
              + " bytes of data for "
              + header.dtype()
              + " "
              + header.shape()
              + ", found "
              + found
              + "; save or copy the file again");
    }
    if (found > bytes) {
      throw new KilnException(
          name
              + " goes on after its array: expected "
              + bytes
              + " bytes of data for "
              + header.dtype()
              + " "
              + header.shape()
              + ", found "
              + found
              + "; it is damaged or holds several arrays, which belong in files of their own");
    }
    MemorySegment data = file.asSlice(header.dataOffset(), bytes);
    if (header.dtype() == DType.BOOL) {
      checkBools(name, data);
    }
    boolean isSwapped = header.order() != ByteOrder.nativeOrder() && header.dtype().bytes() > 1;
    if (isSwapped) {
      data = swapped(header.dtype(), header.order(), data);
    }
    Optional<Origin> origin =
        isSwapped ? Optional.empty() : whole.map(start -> start.at(header.dataOffset()));
    return new NpyArray(header.dtype(), header.shape(), data, header.fortranOrder(), origin);
  }

  /**
   * Writes a file of format 1.0 in native byte order, the same bytes as {@code numpy.save}. The
   * file appears whole or not at all; see {@link AtomicFile}.
   *
   * @param data the elements, dense and row-major, exactly as many as the shape has
   * @throws KilnException where the file cannot be written, or the data has another size
   */
  public static void write(Path path, DType dtype, Shape shape, MemorySegment data) {
    if (dtype.kind() == DType.Kind.COMPLEX) {
      throw new KilnException(
          "cannot write " + path + ": " + dtype + " is not supported yet; write its real parts");
    }
    byte[] header = NpyHeader.format(dtype, shape);
    if (data.byteSize() / dtype.bytes() != shape.size() || data.byteSize() % dtype.bytes() != 0) {
      throw new KilnException(
          "cannot write "
              + path
              + ": "
              + dtype
              + " "
              + shape
              + " has "
              + shape.size()
              + " elements of "
              + dtype.bytes()
              + " bytes, the data "
              + data.byteSize()
              + " bytes; pass exactly the elements of the array");
    }
    AtomicFile.write(
        path,
        channel -> {
          FileOutput out = new FileOutput(channel);
          out.write(header);
          out.write(data);
        });
  }

  /**
   * Writes an array whose rows come piece by piece, so that it need not be in memory as a whole.
   * The file appears whole or not at all.
   *
   * @param row the shape of one row
   * @param pieces the elements of some rows each, dense and row-major; pulled one by one
   * @throws KilnException where a row has no elements, a piece is no whole number of rows, or
   *     writing fails
   */
  public static void writeRows(Path path, DType dtype, Shape row, Iterator<MemorySegment> pieces) {
    long rowBytes = row.size() * dtype.bytes();
    if (rowBytes == 0) {
      throw new KilnException(
          "cannot write " + path + " by rows: a row of shape " + row + " has no elements");
    }
    AtomicFile.write(
        path,
        channel -> {
          // The header has room for any number of rows, so it can be written again in its place.
          FileOutput out = new FileOutput(channel);
          out.write(NpyHeader.format(dtype, rows(0, row)));
          long count = 0;
          while (pieces.hasNext()) {
            MemorySegment piece = pieces.next();
            if (piece.byteSize() % rowBytes != 0) {
              throw new KilnException(
                  "cannot write "
                      + path
                      + ": "
                      + piece.byteSize()
                      + " bytes are no whole number of rows of "
                      + rowBytes);
            }
            count += piece.byteSize() / rowBytes;
            out.write(piece);
          }
          channel.position(0);
          out.write(NpyHeader.format(dtype, rows(count, row)));
        });
  }

  private static Shape rows(long count, Shape row) {
    long[] extents = new long[row.rank() + 1];
    extents[0] = count;
    for (int axis = 0; axis < row.rank(); axis++) {
      extents[axis + 1] = row.extent(axis);
    }
    return Shape.of(extents);
  }

  /** Refuses bytes other than 0 and 1. */
  static void checkBools(String name, MemorySegment data) {
    long size = data.byteSize();
    long words = size - size % 8;
    long seen = 0;
    for (long at = 0; at < words; at += 8) {
      seen |= data.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }
    for (long at = words; at < size; at++) {
      seen |= data.get(ValueLayout.JAVA_BYTE, at);
    }
    if ((seen & 0xfefe_fefe_fefe_fefeL) == 0) {
      return;
    }
    for (long at = 0; at < size; at++) {
      int value = Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, at));
      if (value > 1) {
        throw new KilnException(
            name
                + " has the byte "
                + value
                + " as bool element "
                + at
                + "; expected 0 or 1; it is damaged, or save it again as x.view('uint8') != 0");
      }
    }
  }

  private static MemorySegment swapped(DType dtype, ByteOrder order, MemorySegment data) {
    MemorySegment result = Arena.ofAuto().allocate(data.byteSize(), 64);
    ValueLayout layout =
        switch (dtype.bytes()) {
          case 2 -> ValueLayout.JAVA_SHORT_UNALIGNED;
          case 4 -> ValueLayout.JAVA_INT_UNALIGNED;
          case 8 -> ValueLayout.JAVA_LONG_UNALIGNED;
          default -> throw new AssertionError("no byte order for " + dtype);
        };
    MemorySegment.copy(
        data, layout.withOrder(order), 0, result, layout, 0, data.byteSize() / dtype.bytes());
    return result.asReadOnly();
  }
}
