package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.interpret.Elements;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Off-heap memory that the garbage collector frees, and that counts its pins. */
public final class TestBuffer implements Buffer {
  private static final byte GARBAGE = (byte) 0xa5;

  private final MemorySegment segment;
  private final AtomicInteger pins = new AtomicInteger();

  private TestBuffer(long bytes) {
    segment = Arena.ofAuto().allocate(bytes, 64).fill(GARBAGE);
  }

  /** Memory for test results; what nobody writes stays recognisable garbage. */
  public static Memory memory() {
    return TestBuffer::new;
  }

  /** A buffer of these elements, in the form of {@link dev.kiln.kernel.Bits}. */
  public static TestBuffer of(DType dtype, long... bits) {
    TestBuffer buffer = new TestBuffer((long) bits.length * dtype.bytes());
    for (int i = 0; i < bits.length; i++) {
      Elements.set(buffer.segment, dtype, i, bits[i]);
    }
    return buffer;
  }

  /** The elements of any buffer. */
  public static long[] read(Buffer buffer, DType dtype) {
    MemorySegment segment = buffer.segment();
    long[] bits = new long[(int) (segment.byteSize() / dtype.bytes())];
    Arrays.setAll(bits, i -> Elements.get(segment, dtype, i));
    return bits;
  }

  /** How many pins have not been taken back. */
  public int pins() {
    return pins.get();
  }

  @Override
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public long pin() {
    pins.incrementAndGet();
    return segment.address();
  }

  @Override
  public void unpin() {
    if (pins.decrementAndGet() < 0) {
      throw new AssertionError("unpinned more often than pinned");
    }
  }

  @Override
  public void release() {
    // The garbage collector does it.
  }
}
