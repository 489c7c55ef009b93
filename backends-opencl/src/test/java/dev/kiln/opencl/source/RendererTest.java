package dev.kiln.opencl.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RendererTest {
  private static final Operand.Access CONTIGUOUS = Operand.Access.CONTIGUOUS;
  private static final Operand.Access STRIDED = Operand.Access.STRIDED;
  private static final Operand.Access BROADCAST = Operand.Access.BROADCAST;

  private static final List<Tiled> TILED = List.of(new Tiled(0, false), new Tiled(1, true));

  record Named(String name, Kernel kernel, boolean exactDivision, Form form) {
    Named(String name, Kernel kernel, boolean exactDivision) {
      this(name, kernel, exactDivision, new Form.Plain());
    }

    Source render() {
      return Renderer.render(kernel, exactDivision, form);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Named> kernels() {
    return Stream.of(
        new Named("triad", triad(), true),
        new Named("where-index", whereIndex(), true),
        new Named("rare", rare(), true),
        new Named("division", division(DType.FLOAT32), true),
        new Named("division-inexact", division(DType.FLOAT32), false),
        new Named("integers", integers(), true),
        new Named("tiles-of-a-processor", planes(), true, new Form.Tiles(TILED, true)),
        new Named("tiles-of-a-gpu", planes(), true, new Form.Tiles(TILED.subList(0, 1), false)),
        new Named(
            "columns",
            reduction(DType.FLOAT32, 1, ReduceOp.SUM, ReduceOp.MAX),
            true,
            new Form.Columns(List.of(1))),
        new Named("points", triad(), true, new Form.Points()),
        new Named(
            "teams",
            reduction(DType.FLOAT32, 1, ReduceOp.MEAN, ReduceOp.ARGMAX, ReduceOp.SUM),
            true,
            new Form.Teams(false)),
        new Named("alone", reduction(DType.FLOAT32, 1, ReduceOp.MEAN), true, new Form.Alone()),
        new Named(
            "teams-across",
            reduction(DType.FLOAT64, 1, ReduceOp.SUM, ReduceOp.MAX),
            true,
            new Form.Teams(true)),
        new Named("sum", reduction(DType.FLOAT32, 1, ReduceOp.SUM), true),
        new Named("sums-of-planes", reduction(DType.INT16, 2, ReduceOp.SUM, ReduceOp.MAX), true),
        new Named(
            "argmax-and-moments",
            reduction(
                DType.FLOAT64, 1, ReduceOp.MEAN, ReduceOp.ARGMAX, ReduceOp.SQUARED_DEVIATIONS),
            true));
  }

  private static Operand memory(DType dtype, Operand.Access access) {
    return new Operand(Operand.Source.MEMORY, dtype, access);
  }

  private static Output store(Body.Value value, Operand.Access access) {
    return new Output.Store(value.dtype(), value.number(), access);
  }

  /** Three arrays: transposed, the same for all rows, and as it lies. */
  private static Kernel planes() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT32, 0);
    Body.Value chosen = body.load(DType.BOOL, 1).select(x, body.load(DType.FLOAT32, 2));
    return new Kernel(
        3,
        0,
        List.of(
            memory(DType.FLOAT32, STRIDED),
            memory(DType.BOOL, STRIDED),
            memory(DType.FLOAT32, CONTIGUOUS)),
        List.of(),
        body.instrs(),
        List.of(store(chosen, CONTIGUOUS)));
  }

  private static Kernel triad() {
    Body body = new Body();
    Body.Value sum =
        body.load(DType.FLOAT32, 0)
            .add(body.param(DType.FLOAT32, 0).mul(body.load(DType.FLOAT32, 1)));
    return new Kernel(
        1,
        0,
        List.of(memory(DType.FLOAT32, CONTIGUOUS), memory(DType.FLOAT32, BROADCAST)),
        List.of(DType.FLOAT32),
        body.instrs(),
        List.of(store(sum, CONTIGUOUS)));
  }

  private static Kernel whereIndex() {
    Body body = new Body();
    Body.Value index = body.load(DType.INT64, 0);
    Body.Value chosen =
        index
            .gt(body.param(DType.INT64, 0))
            .and(body.load(DType.BOOL, 2))
            .select(body.load(DType.UINT16, 1), body.param(DType.UINT16, 1));
    return new Kernel(
        3,
        0,
        List.of(
            new Operand(Operand.Source.INDEX, DType.INT64, STRIDED),
            memory(DType.UINT16, STRIDED),
            memory(DType.BOOL, CONTIGUOUS)),
        List.of(DType.INT64, DType.UINT16),
        body.instrs(),
        List.of(store(chosen, STRIDED), store(index, CONTIGUOUS)));
  }

  /** The root of x; where x is large, what a dear way gives, whose condition is rare itself. */
  private static Kernel rare() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT64, 0);
    Body.Value inner =
        body.apply(Opcode.RARE, DType.FLOAT64, x.gt(1e9), x.mul(x).add(1.0), x.sqrt());
    Body.Value outer =
        body.apply(
            Opcode.RARE, DType.FLOAT64, inner.lt(0x1p-30), inner.div(x), inner.fma(2.0, x.neg()));
    return new Kernel(
        1,
        0,
        List.of(memory(DType.FLOAT64, CONTIGUOUS)),
        List.of(),
        body.instrs(),
        List.of(store(outer, CONTIGUOUS)));
  }

  private static Kernel division(DType dtype) {
    Body body = new Body();
    Body.Value x = body.load(dtype, 0);
    Body.Value y = body.load(dtype, 1);
    Body.Value quotient = x.div(y).max(x.sqrt());
    Body.Value whole = body.apply(Opcode.FLOAT_FLOOR_DIV, dtype, x, quotient).cast(DType.INT32);
    return new Kernel(
        1,
        0,
        List.of(memory(dtype, CONTIGUOUS), memory(dtype, CONTIGUOUS)),
        List.of(),
        body.instrs(),
        List.of(store(whole, CONTIGUOUS)));
  }

  private static Kernel integers() {
    Body body = new Body();
    Body.Value x = body.load(DType.INT16, 0);
    Body.Value y = body.load(DType.INT16, 1);
    Body.Value sum = x.add(y).mul(x).sub(y.neg()).xor(x.not());
    Body.Value shifted = sum.shl(3).max(body.apply(Opcode.SHR, DType.INT16, y, x).abs());
    Body.Value whole = body.apply(Opcode.FLOOR_DIV, DType.INT16, shifted, y);
    Body.Value power =
        body.apply(
            Opcode.INTEGER_POW, DType.UINT64, whole.cast(DType.UINT64), y.cast(DType.UINT64));
    return new Kernel(
        1,
        0,
        List.of(memory(DType.INT16, CONTIGUOUS), memory(DType.INT16, BROADCAST)),
        List.of(),
        body.instrs(),
        List.of(store(power, CONTIGUOUS)));
  }

  private static Kernel reduction(DType dtype, int reducedRank, ReduceOp... ops) {
    Body body = new Body();
    Body.Value x = body.load(dtype, 0).mul(body.load(dtype, 1));
    List<Output> outputs =
        Arrays.stream(ops)
            .map(
                op ->
                    (Output)
                        new Output.Reduce(
                            op, op == ReduceOp.ARGMAX ? DType.INT64 : dtype, x.number()))
            .toList();
    return new Kernel(
        2,
        reducedRank,
        List.of(memory(dtype, CONTIGUOUS), memory(dtype, STRIDED)),
        List.of(),
        body.instrs(),
        outputs);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void textIsAsRecorded(Named named) throws IOException {
    Golden.check(named.name(), named.render().text());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void textIsTheSameEachTime(Named named) {
    assertThat(named.render()).isEqualTo(named.render());
  }

  @Test
  void goldenKernelsShowMostOperations() {
    Set<Opcode> seen = EnumSet.noneOf(Opcode.class);
    kernels()
        .flatMap(named -> named.kernel().body().stream())
        .forEach(
            instr -> {
              if (instr instanceof Instr.Apply apply) {
                seen.add(apply.op());
              }
            });
    assertThat(seen).hasSizeGreaterThan(Opcode.values().length / 2);
  }

  @Test
  void literalsAreExact() {
    assertThat(CType.literal(DType.FLOAT32, 0x3dcccccdL)).isEqualTo("0x1.99999ap-4f");
    assertThat(CType.literal(DType.FLOAT32, 0x80000000L)).isEqualTo("-0x0.0p0f");
    assertThat(CType.literal(DType.FLOAT32, 1)).isEqualTo("0x0.000002p-126f");
    assertThat(CType.literal(DType.FLOAT32, 0x7fc00001L)).isEqualTo("as_float(0x7fc00001u)");
    assertThat(CType.literal(DType.INT64, Long.MIN_VALUE)).isEqualTo("LONG_MIN");
    assertThat(CType.literal(DType.INT32, Integer.MIN_VALUE)).isEqualTo("INT_MIN");
    assertThat(CType.literal(DType.UINT64, -1L)).isEqualTo("18446744073709551615UL");
    assertThat(CType.literal(DType.UINT8, 200)).isEqualTo("200u");
  }
}
