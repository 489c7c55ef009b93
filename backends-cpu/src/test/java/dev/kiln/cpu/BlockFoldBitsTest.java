package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.ReduceOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Vector loops that fold whole blocks, also of which scalar code has done a part, give what scalar
 * code and {@link Lanes#fold} give.
 */
class BlockFoldBitsTest {
  private static final int N = 3 * Lanes.BLOCK + 700;

  private record Case(ReduceOp op, DType dtype) {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.PROD, ReduceOp.MIN, ReduceOp.MAX)) {
      for (DType dtype : DType.values()) {
        if (dtype.isFloat() || dtype.isInteger()) {
          cases.add(new Case(op, dtype));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wholeBlocksAreFolded(Case one) {
    DType dtype = one.dtype();
    Kernel kernel = Part.read(dtype, Operand.Access.CONTIGUOUS).reduce(one.op());
    VectorRules.Form form = new VectorRules(VectorUnit.detect().bytes()).form(kernel);
    assumeTrue(form.isVector(), () -> "no vector form: " + form.reason());
    Loop vector = VectorEmitter.emit(kernel, form.lanes());
    Loop scalar = ScalarEmitter.emit(kernel);
    int blocks = (N + Lanes.BLOCK - 1) / Lanes.BLOCK;
    int group = Lanes.count(dtype);
    long seed = one.hashCode();
    Random random = new Random(seed);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate((long) N * dtype.bytes(), 64);
      for (double unusual : new double[] {1, -0.0, Double.NaN, Double.NEGATIVE_INFINITY}) {
        for (int i = 0; i < N; i++) {
          double value = random.nextInt(1000) == 0 ? unusual : random.nextGaussian();
          long bits =
              dtype.isFloat() ? Bits.ofDouble(dtype, value) : Bits.wrap(dtype, random.nextLong());
          Raw.set(dtype, in.address() + (long) i * dtype.bytes(), bits);
        }
        long[] expected = results(one, in, blocks, arena, scalar, scalar, 0);
        for (int from : new int[] {0, group, 10 * group, Lanes.BLOCK - group, Lanes.BLOCK}) {
          assertThat(results(one, in, blocks, arena, scalar, vector, from))
              .as("seed %s, %s, vectors from %s, among them %s", seed, one, from, unusual)
              .isEqualTo(expected);
        }
      }
      if (VectorEmitter.folds(kernel, form.lanes())) {
        long lanes = lanes(one, in, blocks, arena, scalar, vector, 0);
        for (int block = 0; block < blocks - 1; block++) {
          long at = lanes + (long) block * Lanes.BYTES;
          long first = Bits.canonical(dtype, Raw.get(dtype, at));
          assertThat(Lanes.fold(one.op(), dtype, at)).isEqualTo(first);
        }
      }
    }
  }

  private static long[] results(
      Case one, MemorySegment in, int blocks, Arena arena, Loop first, Loop then, int from) {
    long lanes = lanes(one, in, blocks, arena, first, then, from);
    long[] results = new long[blocks];
    for (int block = 0; block < blocks; block++) {
      results[block] = Lanes.fold(one.op(), one.dtype(), lanes + (long) block * Lanes.BYTES);
    }
    return results;
  }

  /** The lanes of all blocks, one loop having done the first elements and another the rest. */
  private static long lanes(
      Case one, MemorySegment in, int blocks, Arena arena, Loop first, Loop then, int from) {
    long lanes = arena.allocate((long) blocks * Lanes.BYTES, 128).address();
    Lanes.reset(one.op(), one.dtype(), lanes, blocks);
    long[] arguments = {in.address(), one.dtype().bytes(), lanes, one.dtype().bytes()};
    first.run(arguments, 0, from);
    int reached = then.run(arguments, from, N);
    ScalarEmitter.emit(Part.read(one.dtype(), Operand.Access.CONTIGUOUS).reduce(one.op()))
        .run(arguments, reached, N);
    return lanes;
  }
}
