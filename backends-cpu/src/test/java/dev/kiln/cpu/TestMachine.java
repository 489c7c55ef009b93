package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Plain threads and memory to test the backend with. */
final class TestMachine {
  private TestMachine() {}

  static Memory memory() {
    return bytes ->
        new TestBuffer(Arena.ofAuto().allocate(Math.max(1, bytes), 64).asSlice(0, bytes));
  }

  record TestBuffer(MemorySegment segment) implements Buffer {
    @Override
    public long pin() {
      return segment.address();
    }

    @Override
    public void unpin() {}

    @Override
    public void release() {}
  }

  /** New threads for every call. */
  static Workers workers(int count) {
    return new Workers() {
      @Override
      public int count() {
        return count;
      }

      @Override
      public void forEach(long chunks, Task task) {
        AtomicLong next = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < count; w++) {
          int worker = w;
          threads.add(
              Thread.ofPlatform()
                  .start(
                      () -> {
                        try {
                          for (long c = next.getAndIncrement();
                              c < chunks;
                              c = next.getAndIncrement()) {
                            task.run(c, worker);
                          }
                        } catch (Throwable e) {
                          failure.set(e);
                        }
                      }));
        }
        for (Thread thread : threads) {
          try {
            thread.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        }
        if (failure.get() != null) {
          throw new AssertionError(failure.get());
        }
      }
    };
  }

  static CpuBackend backend(Settings.Vectors vectors, int threads) {
    return new CpuBackend(
        VectorUnit.detect(), new Settings(vectors, false), workers(threads), memory());
  }

  /** A buffer with these elements, in the form of {@link dev.kiln.kernel.Bits}. */
  static Buffer buffer(DType dtype, long[] elements) {
    Buffer buffer = memory().allocate((long) elements.length * dtype.bytes());
    for (int i = 0; i < elements.length; i++) {
      Raw.set(dtype, buffer.segment().address() + (long) i * dtype.bytes(), elements[i]);
    }
    return buffer;
  }

  static long[] elements(DType dtype, Buffer buffer) {
    long[] elements = new long[(int) (buffer.byteSize() / dtype.bytes())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = Raw.get(dtype, buffer.segment().address() + (long) i * dtype.bytes());
    }
    return elements;
  }
}
