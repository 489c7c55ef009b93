package dev.kiln.cpu;

import com.sun.management.ThreadMXBean;
import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs vector loops on scratch data until the JIT compiler has made them fast.
 *
 * <p>Before that every vector operation allocates an object and takes a thousand times longer; a
 * loop is hot when its calls stop allocating. One that never does is left in its scalar form. Many
 * short calls get there sooner than a few long ones.
 */
final class Heater implements AutoCloseable {
  private static final int CALLS_A_ROUND = 100;
  private static final int QUIET_ROUNDS = 3;

  /** Of the heating thread's own time: on a busy machine the compiler gets as little as it does. */
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  /**
   * Vectors, or groups of a reduction's lanes, that one call takes. One would be quicker still, but
   * the compiler takes a loop that runs once for no loop worth its while.
   */
  private static final int TURNS = 2;

  /**
   * Rounds after which the compiler has been asked for all it will do, so that waiting is better
   * than running.
   */
  private static final int ROUNDS_BEFORE_RESTING = 60;

  private final LinkedBlockingQueue<CompiledLoop> queue = new LinkedBlockingQueue<>();
  private volatile boolean closed;
  private @Nullable Thread thread;

  /** Heats a loop some time soon, in the background; the loop has been claimed. */
  synchronized void later(CompiledLoop loop) {
    if (closed) {
      return;
    }
    queue.add(loop);
    if (thread == null) {
      thread = Thread.ofPlatform().name("kiln-cpu-heater").daemon().start(this::work);
    }
  }

  private void work() {
    try {
      while (!closed) {
        heat(queue.take());
      }
    } catch (InterruptedException e) {
      // Closed: the thread ends here, and nobody asks for its interrupt flag.
    }
  }

  /** Heats a loop on the calling thread; the loop has been claimed. */
  void heat(CompiledLoop loop) {
    Kernel kernel = loop.kernel();
    Loop vector = loop.emitVector();
    int turn =
        kernel.reduces() ? Lanes.count(kernel.outputs().getFirst().dtype()) : loop.form().lanes();
    // A reduction is heated across the border of two blocks, or the compiler would leave that out.
    int from = kernel.reduces() ? Lanes.BLOCK - turn : 0;
    int n = TURNS * turn;
    try (Arena arena = Arena.ofConfined()) {
      long[] arguments = arguments(kernel, from, n, arena);
      loop.finishWarming(becomesQuiet(vector, arguments, from, from + n) ? vector : null);
    }
  }

  private boolean becomesQuiet(Loop vector, long[] arguments, int from, int to) {
    // Looked up here: loading it is no work for the start of an engine.
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long deadline = threads.getCurrentThreadCpuTime() + PATIENCE_NANOS;
    int quiet = 0;
    for (int round = 0; quiet < QUIET_ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS_A_ROUND; call++) {
        vector.run(arguments, from, to);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      quiet = allocated < 8 * CALLS_A_ROUND ? quiet + 1 : 0;
      if (closed || threads.getCurrentThreadCpuTime() > deadline) {
        return false;
      }
      if (round > ROUNDS_BEFORE_RESTING && quiet == 0) {
        try {
          Thread.sleep(1);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
    return true;
  }

  /** Ones to read at n indices, and somewhere to write. */
  private static long[] arguments(Kernel kernel, int from, int n, Arena arena) {
    long[] arguments = new long[Loop.Arguments.count(kernel)];
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      long stride = operand.access() == Operand.Access.BROADCAST ? 0 : operand.dtype().bytes();
      arguments[Loop.Arguments.operand(k)] = ones(operand.dtype(), n, arena) - from * stride;
      arguments[Loop.Arguments.operand(k) + 1] = stride;
    }
    for (int p = 0; p < kernel.params().size(); p++) {
      arguments[Loop.Arguments.param(kernel, p)] = one(kernel.params().get(p));
    }
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output output = kernel.outputs().get(o);
      arguments[Loop.Arguments.output(kernel, o)] = ones(output.dtype(), n, arena);
      arguments[Loop.Arguments.output(kernel, o) + 1] = output.dtype().bytes();
    }
    return arguments;
  }

  private static long ones(DType dtype, int n, Arena arena) {
    long address = arena.allocate((long) n * dtype.bytes(), 64).address();
    Raw.fill(dtype, address, n, one(dtype));
    return address;
  }

  private static long one(DType dtype) {
    return dtype == DType.BOOL ? 1 : Bits.ofLong(dtype, 1);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
