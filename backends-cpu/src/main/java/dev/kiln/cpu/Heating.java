package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heatable;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.lang.foreign.Arena;

/**
 * A vector loop being heated. The JIT compiler counts calls, and a call that has nothing to do
 * counts like any other: so most calls here have none, and a few show the compiler what usually
 * happens, rare cases and borders of blocks included, since it leaves out what it has not seen.
 */
final class Heating implements Heatable {
  /** Calls without work in a round. */
  private static final int IDLE_CALLS = 500;

  /** Vectors, or groups of a reduction's lanes, in a call with work: a loop must look like one. */
  private static final int TURNS = 8;

  /** What makes rare cases of elementary functions. */
  private static final double[] UNUSUAL = {Double.NaN, 1e30, -1e30, 1e-40, -1};

  private final CompiledLoop loop;
  private final Loop vector;
  private final Arena arena = Arena.ofConfined();
  private final long[] usual;
  private final long[][] rare;
  private final int from;
  private final int turn;
  private int rounds;

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
  }

  @Override
  public boolean exercise() {
    for (int call = 0; call < IDLE_CALLS; call++) {
      vector.run(usual, from, from);
    }
    vector.run(usual, from, from + TURNS * turn);
    // To the end of a block, and no further.
    vector.run(usual, from, from + TURNS / 2 * turn);
    vector.run(rare[rounds % rare.length], from, from + 2 * turn);
    rounds++;
    return true;
  }

  @Override
  public long tolerated() {
    return 0;
  }

  @Override
  public void finish() {
    loop.finishWarming(vector);
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
