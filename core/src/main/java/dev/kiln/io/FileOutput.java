package dev.kiln.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/**
 * What is written to a file, one piece after another: elements go from where they lie to the
 * system's cache, without a copy between unless they are on the heap, and then one of a piece at
 * most.
 */
public final class FileOutput {
  private static final long PIECE = 8L << 20;

  private final FileChannel channel;
  private final LongConsumer told;

  /** Writes from where the channel is. */
  public FileOutput(FileChannel channel) {
    this(channel, bytes -> {});
  }

  /**
   * Writes from where the channel is.
   *
   * @param told of how many bytes of elements were written, after each piece
   */
  FileOutput(FileChannel channel, LongConsumer told) {
    this.channel = channel;
    this.told = told;
  }

  /** Writes what is no element: headers and padding. */
  public void write(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  /** Writes elements. */
  public void write(MemorySegment elements) throws IOException {
    for (long at = 0; at < elements.byteSize(); at += PIECE) {
      long length = Math.min(PIECE, elements.byteSize() - at);
      write(elements.asSlice(at, length).asByteBuffer());
      told.accept(length);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
