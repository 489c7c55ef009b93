package dev.kiln.schedule;

import dev.kiln.contract.TestBuffer;
import dev.kiln.interpret.PlainBackend;
import dev.kiln.kernel.Kernel;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A device with memory of its own, which does one launch after another on a thread of its own;
 * launches return at once. What is not its own is copied for it before.
 */
final class LateBackend implements Backend {
  private final Backend plain = new PlainBackend();
  private final String name;
  private final Runnable before;
  private final ExecutorService queue =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("device").factory());
  private volatile @Nullable RuntimeException failure;

  /**
   * Waits for launches.
   *
   * @param before what the device does before each
   */
  LateBackend(String name, Runnable before) {
    this.name = name;
    this.before = before;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe() {
    return "late";
  }

  @Override
  public Memory memory(Memory engine) {
    return bytes -> new Late(engine.allocate(bytes));
  }

  @Override
  public Executable compile(Kernel kernel) {
    Executable executable = plain.compile(kernel);
    return new Executable() {
      @Override
      public void launch(Launch launch) {
        Launch own =
            new Launch(
                launch.extents(),
                onDevice(launch.operands()),
                launch.params(),
                onDevice(launch.outputs()));
        queue.submit(() -> run(executable, own));
      }

      @Override
      public String describe() {
        return "late";
      }
    };
  }

  private void run(Executable executable, Launch launch) {
    try {
      before.run();
      executable.launch(launch);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private List<Launch.Access> onDevice(List<Launch.Access> accesses) {
    List<Launch.Access> own = new ArrayList<>();
    for (Launch.Access access : accesses) {
      own.add(new Launch.Access(onDevice(access.buffer()), access.offset(), access.strides()));
    }
    return own;
  }

  private @Nullable Buffer onDevice(@Nullable Buffer buffer) {
    if (buffer == null) {
      return null;
    }
    if (buffer instanceof Late late && late.device() == this) {
      return late.own;
    }
    Buffer copy = TestBuffer.memory().allocate(buffer.byteSize());
    copy.segment().copyFrom(buffer.contents());
    return copy;
  }

  @Override
  public void await() {
    Future<?> last = queue.submit(() -> {});
    boolean interrupted = false;
    while (!last.isDone()) {
      try {
        last.get();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    queue.shutdown();
    try {
      if (!queue.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new AssertionError("the device goes on");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Memory that the device has until somebody asks for it, and gives back in its turn. */
  private final class Late implements Buffer {
    private final Buffer own;

    Late(Buffer own) {
      this.own = own;
    }

    LateBackend device() {
      return LateBackend.this;
    }

    @Override
    public MemorySegment segment() {
      await();
      return own.segment();
    }

    @Override
    public long byteSize() {
      return own.byteSize();
    }

    @Override
    public long pin() {
      await();
      return own.pin();
    }

    @Override
    public void hold() {
      own.pin();
    }

    @Override
    public void unpin() {
      own.unpin();
    }

    @Override
    public void release() {
      queue.submit(own::release);
    }
  }
}
