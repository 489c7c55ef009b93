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
  private final boolean constant;
  private final AtomicInteger pins = new AtomicInteger();

  private TestBuffer(long bytes, boolean constant) {
    this.constant = constant;
    segment = Arena.ofAuto().allocate(bytes, 64).fill(GARBAGE);
  }

  /** Memory for test results; what nobody writes stays recognisable garbage. */
  public static Memory memory() {
    return bytes -> new TestBuffer(bytes, false);
  }

  /** A buffer of these elements, in the form of {@link dev.kiln.kernel.Bits}. */
  public static TestBuffer of(DType dtype, long... bits) {
    return of(dtype, false, bits);
  }

  /** The same, which whoever asks for it to write in is told not to. */
  public static TestBuffer constant(DType dtype, long... bits) {
    return of(dtype, true, bits);
  }

  private static TestBuffer of(DType dtype, boolean constant, long... bits) {
    TestBuffer buffer = new TestBuffer((long) bits.length * dtype.bytes(), constant);
    for (int i = 0; i < bits.length; i++) {
      Elements.set(buffer.segment, dtype, i, bits[i]);
    }
    return buffer;
  }

  /** The elements of any buffer. */
  public static long[] read(Buffer buffer, DType dtype) {
    MemorySegment segment = buffer.contents();
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
    checkWritable();
    return segment;
  }

  @Override
  public MemorySegment contents() {
    return segment.asReadOnly();
  }

  @Override
  public long byteSize() {
    return segment.byteSize();
  }

  @Override
  public long pin() {
    checkWritable();
    return show();
  }

  @Override
  public long show() {
    pins.incrementAndGet();
    return segment.address();
  }

  @Override
  public void hold() {
    show();
  }

  private void checkWritable() {
    if (constant) {
      throw new AssertionError("asked for an input to write in: a device's copy would be stale");
    }
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
