package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops by panels against the scalar loops of the same kernels. */
class PanelLoopTest {
  private static final Operand FLOATS =
      new Operand(Operand.Source.MEMORY, DType.FLOAT32, Operand.Access.CONTIGUOUS);

  /** x * x + x, but 1 / x where x is above 2, which is called rare. */
  private static Kernel withRareCase() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT32, 0);
    Body.Value usual =
        body.apply(Opcode.ADD, DType.FLOAT32, body.apply(Opcode.MUL, DType.FLOAT32, x, x), x);
    Body.Value one = body.constant(DType.FLOAT32, Bits.of(1f));
    Body.Value rare = body.apply(Opcode.DIV, DType.FLOAT32, one, x);
    Body.Value above =
        body.apply(Opcode.GT, DType.BOOL, x, body.constant(DType.FLOAT32, Bits.of(2f)));
    Body.Value value = body.apply(Opcode.RARE, DType.FLOAT32, above, rare, usual);
    return new Kernel(
        1,
        0,
        List.of(FLOATS),
        List.of(),
        body.instrs(),
        List.of(new Output.Store(DType.FLOAT32, value.number(), Operand.Access.CONTIGUOUS)));
  }

  private static PanelLoop panels(Kernel kernel) {
    return new PanelLoop(kernel, Primitives.SHARED);
  }

  @Test
  void stopsBeforeAPanelWithARareCase() {
    int n = 3 * PanelLoop.PANEL + 5;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(4L * n, 64);
      MemorySegment out = arena.allocate(4L * n, 64).fill((byte) 0x55);
      for (int i = 0; i < n; i++) {
        in.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 100 * 0.01f);
      }
      in.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * PanelLoop.PANEL + 3, 4f);
      long[] arguments = {in.address(), 4, out.address(), 4};
      PanelLoop loop = panels(withRareCase());

      assertThat(loop.run(arguments, 0, n)).isEqualTo(2 * PanelLoop.PANEL);
      assertThat(out.getAtIndex(ValueLayout.JAVA_INT, 2L * PanelLoop.PANEL)).isEqualTo(0x55555555);
      assertThat(loop.run(arguments, 2 * PanelLoop.PANEL + 4, n)).isEqualTo(n);
      assertSame(ScalarEmitter.emit(withRareCase()), arguments, in, out, n);
    }
  }

  private static void assertSame(
      Loop scalar, long[] arguments, MemorySegment in, MemorySegment out, int n) {
    float[] byPanels = out.toArray(ValueLayout.JAVA_FLOAT);
    scalar.run(arguments, 0, n);
    for (int i = 0; i < n; i++) {
      boolean left = i >= 2 * PanelLoop.PANEL && i < 2 * PanelLoop.PANEL + 4;
      if (!left) {
        float x = in.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        assertThat(byPanels[i]).as("x = %s at %d", x, i).isEqualTo(x * x + x);
        assertThat(out.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(byPanels[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 1025, 2048, 4095, 4097, 10_001})
  void resultsMayLieOverOperands(int n) {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT64, 0);
    Body.Value y = body.load(DType.FLOAT64, 1);
    Body.Value sum = body.apply(Opcode.ADD, DType.FLOAT64, x, y);
    Body.Value product = body.apply(Opcode.MUL, DType.FLOAT64, sum, body.param(DType.FLOAT64, 0));
    Operand doubles = new Operand(Operand.Source.MEMORY, DType.FLOAT64, Operand.Access.CONTIGUOUS);
    Operand same = new Operand(Operand.Source.MEMORY, DType.FLOAT64, Operand.Access.BROADCAST);
    Kernel kernel =
        new Kernel(
            1,
            0,
            List.of(doubles, same),
            List.of(DType.FLOAT64),
            body.instrs(),
            List.of(
                new Output.Store(DType.FLOAT64, product.number(), Operand.Access.CONTIGUOUS),
                new Output.Store(DType.FLOAT64, sum.number(), Operand.Access.CONTIGUOUS)));
    PanelLoop loop = panels(kernel);
    try (Arena arena = Arena.ofConfined()) {
      // Two kinds of parameters and of broadcast values, since panels are used again.
      for (double factor : new double[] {0.1, -3}) {
        MemorySegment memory = arena.allocate(8L * n + 8, 64);
        MemorySegment sums = arena.allocate(8L * n + 8, 64);
        MemorySegment constant = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, factor + 1);
        for (int i = 0; i <= n; i++) {
          memory.setAtIndex(ValueLayout.JAVA_DOUBLE, i, i * 0.7);
        }
        long[] arguments = {
          memory.address(),
          8,
          constant.address(),
          0,
          Bits.of(factor),
          memory.address(),
          8,
          sums.address(),
          8
        };
        assertThat(loop.run(arguments, 0, n)).isEqualTo(n);
        for (int i = 0; i < n; i++) {
          double expected = i * 0.7 + (factor + 1);
          assertThat(sums.getAtIndex(ValueLayout.JAVA_DOUBLE, i)).isEqualTo(expected);
          assertThat(memory.getAtIndex(ValueLayout.JAVA_DOUBLE, i)).isEqualTo(expected * factor);
        }
        assertThat(memory.getAtIndex(ValueLayout.JAVA_DOUBLE, n)).isEqualTo(n * 0.7);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, UINT32", "FLOAT32, INT32", "FLOAT64, UINT64", "FLOAT64, INT64"})
  void bitsOfFloatsAreKept(DType floats, DType integers) {
    Body body = new Body();
    Body.Value bits = body.apply(Opcode.BITCAST, integers, body.load(floats, 0));
    Body.Value flipped =
        body.apply(
            Opcode.XOR, integers, bits, body.constant(integers, integers.bytes() == 4 ? 1 : 2));
    Body.Value back = body.apply(Opcode.BITCAST, floats, flipped);
    Kernel kernel =
        new Kernel(
            1,
            0,
            List.of(new Operand(Operand.Source.MEMORY, floats, Operand.Access.CONTIGUOUS)),
            List.of(),
            body.instrs(),
            List.of(new Output.Store(floats, back.number(), Operand.Access.CONTIGUOUS)));
    int n = PanelLoop.PANEL + 3;
    int bytes = floats.bytes();
    Random random = new Random(31);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate((long) bytes * n, 64);
      MemorySegment out = arena.allocate((long) bytes * (n + 1), 64);
      for (int i = 0; i < n; i++) {
        // Any bits at all: NaNs that signal and their payloads too.
        Raw.set(
            integers,
            in.address() + (long) bytes * i,
            i % 2 == 0 ? random.nextLong() : signalling(floats, random));
      }
      long[] arguments = {in.address(), bytes, out.address(), bytes};
      assertThat(panels(kernel).run(arguments, 0, n)).isEqualTo(n);
      for (int i = 0; i < n; i++) {
        long expected = Raw.get(integers, in.address() + (long) bytes * i) ^ (bytes == 4 ? 1 : 2);
        assertThat(Raw.get(integers, out.address() + (long) bytes * i)).isEqualTo(expected);
      }
      assertThat(Raw.get(integers, out.address() + (long) bytes * n)).isZero();
    }
  }

  private static long signalling(DType dtype, Random random) {
    return dtype == DType.FLOAT32
        ? 0x7f800001 | random.nextInt(1 << 21)
        : 0x7ff0000000000001L | random.nextLong(1L << 50);
  }

  private static List<Arguments> folds() {
    List<Arguments> folds = new ArrayList<>();
    for (DType dtype : DType.values()) {
      for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.PROD, ReduceOp.MIN, ReduceOp.MAX)) {
        boolean ordered = op == ReduceOp.MIN || op == ReduceOp.MAX;
        if (dtype.bytes() <= 8 && dtype != DType.COMPLEX64 && (ordered || dtype != DType.BOOL)) {
          folds.add(Arguments.of(op, dtype));
        }
      }
    }
    return folds;
  }

  @ParameterizedTest
  @MethodSource("folds")
  void foldsIntoTheLanesOfTheCanonicalOrder(ReduceOp op, DType dtype) {
    foldsAsScalarCodeDoes(Part.read(dtype, Operand.Access.CONTIGUOUS).reduce(op), op, dtype);
    if (dtype != DType.BOOL) {
      foldsAsScalarCodeDoes(ofSquares(op, dtype), op, dtype);
    }
  }

  /** A reduction of x * x. */
  private static Kernel ofSquares(ReduceOp op, DType dtype) {
    Body body = new Body();
    Body.Value x = body.load(dtype, 0);
    Body.Value square = body.apply(Opcode.MUL, dtype, x, x);
    Operand elements = new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS);
    return new Kernel(
        0,
        1,
        List.of(elements),
        List.of(),
        body.instrs(),
        List.of(new Output.Reduce(op, dtype, square.number())));
  }

  private static void foldsAsScalarCodeDoes(Kernel kernel, ReduceOp op, DType dtype) {
    Random random = new Random(29);
    PanelLoop loop = panels(kernel);
    int bytes = dtype.bytes();
    for (int n : new int[] {1, 127, 1023, 1025, 4096, 4097, 9000}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment in = arena.allocate((long) bytes * n, 64);
        for (int i = 0; i < n; i++) {
          Raw.set(dtype, in.address() + (long) bytes * i, RandomValues.one(dtype, random));
        }
        int blocks = (n + Lanes.BLOCK - 1) / Lanes.BLOCK;
        MemorySegment byPanels = arena.allocate((long) blocks * Lanes.BYTES, 128);
        MemorySegment byScalars = arena.allocate((long) blocks * Lanes.BYTES, 128);
        Lanes.reset(op, dtype, byPanels.address(), blocks);
        Lanes.reset(op, dtype, byScalars.address(), blocks);
        long[] arguments = {in.address(), bytes, byPanels.address(), bytes};
        // In two calls: the second begins within a block, with a group of lanes.
        int first = n / 3 / Lanes.count(dtype) * Lanes.count(dtype);
        assertThat(loop.run(arguments, 0, first)).isEqualTo(first);
        assertThat(loop.run(arguments, first, n)).isEqualTo(n);
        arguments[2] = byScalars.address();
        ScalarEmitter.emit(kernel).run(arguments, 0, n);
        for (int lane = 0; lane < blocks * Lanes.count(dtype); lane++) {
          assertThat(bits(dtype, byPanels, lane))
              .as("lane %d of %d elements", lane, n)
              .isEqualTo(bits(dtype, byScalars, lane));
        }
      }
    }
  }

  /** A NaN has no payload in a result, and any on the way there. */
  private static long bits(DType dtype, MemorySegment lanes, int lane) {
    return Bits.canonical(dtype, Raw.get(dtype, lanes.address() + (long) dtype.bytes() * lane));
  }
}
