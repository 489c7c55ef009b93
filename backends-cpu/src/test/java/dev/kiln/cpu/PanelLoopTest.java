package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heat;
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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  private static PanelLoop panels(Kernel kernel, CompiledLoop... folds) {
    return new PanelLoop(kernel, List.of(folds), Primitives.SHARED);
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
  @ValueSource(ints = {0, 1, 511, 512, 513, 1024, 4095, 4097, 10_001})
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
  @ValueSource(ints = {1, 511, 513, 4096, 4097, 9000})
  void foldsIntoTheLanesOfTheCanonicalOrder(int n) {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT32, 0);
    Body.Value square = body.apply(Opcode.MUL, DType.FLOAT32, x, x);
    Kernel kernel =
        new Kernel(
            0,
            1,
            List.of(FLOATS),
            List.of(),
            body.instrs(),
            List.of(new Output.Reduce(ReduceOp.SUM, DType.FLOAT32, square.number())));
    try (Heat heat = new Heat(Heat.When.NEVER);
        Arena arena = Arena.ofConfined()) {
      Loops loops = new Loops(VectorUnit.detect().bytes(), heat);
      Kernel fold = Part.read(DType.FLOAT32, Operand.Access.CONTIGUOUS).reduce(ReduceOp.SUM);
      MemorySegment in = arena.allocate(4L * n, 64);
      for (int i = 0; i < n; i++) {
        in.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1f / (i + 1));
      }
      int blocks = (n + Lanes.BLOCK - 1) / Lanes.BLOCK;
      MemorySegment byPanels = arena.allocate((long) blocks * Lanes.BYTES, 128);
      MemorySegment byScalars = arena.allocate((long) blocks * Lanes.BYTES, 128);
      Lanes.reset(ReduceOp.SUM, DType.FLOAT32, byPanels.address(), blocks);
      Lanes.reset(ReduceOp.SUM, DType.FLOAT32, byScalars.address(), blocks);
      long[] arguments = {in.address(), 4, byPanels.address(), 4};
      assertThat(panels(kernel, loops.of(fold)).run(arguments, 0, n)).isEqualTo(n);
      arguments[2] = byScalars.address();
      ScalarEmitter.emit(kernel).run(arguments, 0, n);
      assertThat(byPanels.toArray(ValueLayout.JAVA_INT))
          .isEqualTo(byScalars.toArray(ValueLayout.JAVA_INT));
    }
  }
}
