package dev.kiln.cpu;

import com.sun.management.ThreadMXBean;
import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;

/**
 * A vector loop on its way to being fast.
 *
 * <p>Before the JIT compiler has compiled it with all optimisations, every vector operation
 * allocates an object and takes a thousand times longer; a loop is hot when its calls stop
 * allocating. The compiler counts calls, and a call that has nothing to do counts like any other:
 * so most calls here have none, and a few show the compiler what usually happens, rare cases and
 * borders of blocks included, since it leaves out what it has not seen.
 */
final class Heating implements AutoCloseable {
  /** Calls without work in a round. */
  private static final int IDLE_CALLS = 500;

  /** Vectors, or groups of a reduction's lanes, in a call with work: a loop must look like one. */
  private static final int TURNS = 8;

  /** What makes rare cases of elementary functions. */
  private static final double[] UNUSUAL = {Double.NaN, 1e30, -1e30, 1e-40, -1};

  /** Rounds after which the compiler has been asked for all that it will do. */
  private static final int ROUNDS_BEFORE_RESTING = 24;

  private static final int QUIET_ROUNDS = 2;
  private static final long FIRST_REST_NANOS = 200_000;
  private static final long LONGEST_REST_NANOS = 500_000_000;

  private final CompiledLoop loop;
  private final Loop vector;
  private final Arena arena = Arena.ofConfined();
  private final long[] usual;
  private final long[][] rare;
  private final int from;
  private final int turn;
  private final ThreadMXBean threads;
  private int rounds;
  private int quiet;
  private long rest = FIRST_REST_NANOS;
  private long due = System.nanoTime();

  /** Begins; the loop has been claimed. For one thread alone. */
  Heating(CompiledLoop loop) {
    this.loop = loop;
    this.vector = loop.emitVector();
    Kernel kernel = loop.kernel();
    boolean reduces = kernel.reduces();
    this.turn = reduces ? Lanes.count(kernel.outputs().getFirst().dtype()) : loop.form().lanes();
    this.from = reduces ? Lanes.BLOCK - TURNS / 2 * turn : 0;
    this.usual = arguments(kernel, 1);
    this.rare = new long[UNUSUAL.length][];
    for (int k = 0; k < UNUSUAL.length; k++) {
      rare[k] = arguments(kernel, UNUSUAL[k]);
    }
    // Looked up here: loading it is no work for the start of an engine.
    this.threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  }

  boolean isDue(long now) {
    return now - due >= 0;
  }

  /** When the next round is worth its while, by {@link System#nanoTime}. */
  long due() {
    return due;
  }

  /** Calls the loop some times; true, and the loop is in use, where it is hot. */
  boolean round() {
    for (int call = 0; call < IDLE_CALLS; call++) {
      vector.run(usual, from, from);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    vector.run(usual, from, from + TURNS * turn);
    // To the end of a block, and no further.
    vector.run(usual, from, from + TURNS / 2 * turn);
    vector.run(rare[rounds % rare.length], from, from + 2 * turn);
    boolean allocates = threads.getCurrentThreadAllocatedBytes() != before;
    quiet = allocates ? 0 : quiet + 1;
    if (quiet == QUIET_ROUNDS) {
      close();
      loop.finishWarming(vector);
      return true;
    }
    rounds++;
    if (rounds > ROUNDS_BEFORE_RESTING && allocates) {
      due = System.nanoTime() + rest;
      rest = Math.min(LONGEST_REST_NANOS, rest + rest / 4);
    }
    return false;
  }

  /** Arguments for {@link #from} and as many indices as a call has at most. */
  private long[] arguments(Kernel kernel, double value) {
    long[] arguments = new long[Loop.Arguments.count(kernel)];
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      long stride = operand.access() == Operand.Access.BROADCAST ? 0 : operand.dtype().bytes();
      arguments[Loop.Arguments.operand(k)] = filled(operand.dtype(), value) - from * stride;
      arguments[Loop.Arguments.operand(k) + 1] = stride;
    }
    for (int p = 0; p < kernel.params().size(); p++) {
      arguments[Loop.Arguments.param(kernel, p)] = bits(kernel.params().get(p), value);
    }
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output output = kernel.outputs().get(o);
      arguments[Loop.Arguments.output(kernel, o)] = filled(output.dtype(), 1);
      arguments[Loop.Arguments.output(kernel, o) + 1] = output.dtype().bytes();
    }
    return arguments;
  }

  private long filled(DType dtype, double value) {
    long n = Math.max((long) TURNS * turn, 2L * Lanes.count(dtype));
    long address = arena.allocate(n * dtype.bytes(), 64).address();
    Raw.fill(dtype, address, n, bits(dtype, value));
    return address;
  }

  private static long bits(DType dtype, double value) {
    return dtype.isFloat() ? Bits.ofDouble(dtype, value) : 1;
  }

  @Override
  public void close() {
    arena.close();
  }
}
