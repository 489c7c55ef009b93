package dev.kiln.store;

import com.dynatrace.hash4j.hashing.HashValue128;
import dev.kiln.spi.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What identifies bytes: a hash of the hashes of blocks of 1 MiB, which all threads compute at once
 * and whose number doesn't matter.
 */
public enum Hashing {
  /** XXH3 with 128 bits: some 5 GB/s a core. Nobody meets a collision by accident. */
  XXH3("xxh3-128") {
    @Override
    byte[] block(byte[] bytes, int length) {
      HashValue128 hash =
          com.dynatrace.hash4j.hashing.Hashing.xxh3_128().hashBytesTo128Bits(bytes, 0, length);
      return ByteBuffer.allocate(16)
          .putLong(hash.getMostSignificantBits())
          .putLong(hash.getLeastSignificantBits())
          .array();
    }
  },

  /**
   * SHA-256: some five times slower. For a store shared with people who might make two arrays of
   * one hash on purpose.
   */
  SHA256("sha-256") {
    @Override
    byte[] block(byte[] bytes, int length) {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(bytes, 0, length);
        return sha.digest();
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java has SHA-256", e);
      }
    }
  };

  /** The size of a block; part of what a hash means. */
  private static final int BLOCK = 1 << 20;

  private final String label;

  Hashing(String label) {
    this.label = label;
  }

  /** The name that stands in files: {@code xxh3-128}. */
  public String label() {
    return label;
  }

  /**
   * The hash of a block. It is in an array, which the library reads fastest, in a cold JVM above
   * all; copying there takes half as long as hashing.
   */
  abstract byte[] block(byte[] bytes, int length);

  /** The hash of any number of bytes. */
  byte[] of(MemorySegment bytes, Workers workers) {
    long size = bytes.byteSize();
    int blocks = Math.toIntExact(Math.ceilDiv(size, BLOCK));
    byte[][] hashes = new byte[blocks][];
    byte[][] scratch = new byte[workers.count()][];
    workers.forEach(
        blocks,
        (chunk, worker) -> {
          long from = chunk * BLOCK;
          int length = (int) Math.min(BLOCK, size - from);
          byte[] block = scratch[worker];
          if (block == null) {
            block = new byte[(int) Math.min(BLOCK, size)];
            scratch[worker] = block;
          }
          MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, block, 0, length);
          hashes[(int) chunk] = block(block, length);
        });
    ByteBuffer all = ByteBuffer.allocate(8 + 32 * blocks);
    all.putLong(size);
    for (byte[] hash : hashes) {
      all.put(hash);
    }
    return block(all.array(), all.position());
  }
}
