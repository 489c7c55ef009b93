package dev.kiln.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.kiln.KilnException;
import dev.kiln.spi.Compression;
import java.lang.foreign.MemorySegment;

/** Zstandard, by its own library. */
public final class Zstandard implements Compression {
  /** Higher levels take several times as long for some hundredths. */
  private static final int LEVEL = 1;

  /** For {@link java.util.ServiceLoader}. */
  public Zstandard() {}

  @Override
  public String name() {
    return "zstd";
  }

  @Override
  public long bound(long bytes) {
    try {
      return Zstd.compressBound(bytes);
    } catch (LinkageError e) {
      throw missing(e);
    }
  }

  @Override
  public long compress(MemorySegment from, MemorySegment to) {
    try {
      return Zstd.compressDirectByteBuffer(
          to.asByteBuffer(), 0, length(to), from.asByteBuffer(), 0, length(from), LEVEL);
    } catch (ZstdException e) {
      throw new KilnException("zstd says: " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw missing(e);
    }
  }

  @Override
  public void inflate(MemorySegment from, MemorySegment to) {
    long length;
    try {
      length =
          Zstd.decompressDirectByteBuffer(
              to.asByteBuffer(), 0, length(to), from.asByteBuffer(), 0, length(from));
    } catch (ZstdException e) {
      throw new KilnException("zstd says: " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw missing(e);
    }
    if (length != to.byteSize()) {
      throw new KilnException(length + " bytes came out of it, expected " + to.byteSize());
    }
  }

  private static int length(MemorySegment segment) {
    return Math.toIntExact(segment.byteSize());
  }

  private static KilnException missing(LinkageError e) {
    return new KilnException(
        "zstd's native library cannot be loaded here: "
            + e
            + "; let java.io.tmpdir be a folder whose files may be run, or don't compress",
        e);
  }
}
