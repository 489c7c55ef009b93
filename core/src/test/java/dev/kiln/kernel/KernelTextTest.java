package dev.kiln.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dkiln.golden.update=true} writes the golden files anew; review them as a diff. */
class KernelTextTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

  private record Named(String name, Kernel kernel) {}

  static Stream<Named> kernels() {
    return Stream.of(triad(), whereIndex(), argmaxAndMean(), constants());
  }

  private static Operand memory(DType dtype, Operand.Access access) {
    return new Operand(Operand.Source.MEMORY, dtype, access);
  }

  private static Named triad() {
    Body body = new Body();
    Body.Value sum =
        body.load(DType.FLOAT32, 0)
            .add(body.param(DType.FLOAT32, 0).mul(body.load(DType.FLOAT32, 1)));
    return new Named(
        "triad",
        new Kernel(
            1,
            0,
            List.of(
                memory(DType.FLOAT32, Operand.Access.CONTIGUOUS),
                memory(DType.FLOAT32, Operand.Access.BROADCAST)),
            List.of(DType.FLOAT32),
            body.instrs(),
            List.of(new Output.Store(DType.FLOAT32, sum.number(), Operand.Access.CONTIGUOUS))));
  }

  private static Named whereIndex() {
    Body body = new Body();
    Body.Value index = body.load(DType.INT64, 0);
    Body.Value chosen =
        index
            .gt(body.param(DType.INT64, 0))
            .select(body.load(DType.UINT16, 1), body.param(DType.UINT16, 1));
    return new Named(
        "where-index",
        new Kernel(
            3,
            0,
            List.of(
                new Operand(Operand.Source.INDEX, DType.INT64, Operand.Access.STRIDED),
                memory(DType.UINT16, Operand.Access.STRIDED)),
            List.of(DType.INT64, DType.UINT16),
            body.instrs(),
            List.of(
                new Output.Store(DType.UINT16, chosen.number(), Operand.Access.STRIDED),
                new Output.Store(DType.INT64, index.number(), Operand.Access.CONTIGUOUS))));
  }

  private static Named argmaxAndMean() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT64, 0);
    return new Named(
        "argmax-and-mean",
        new Kernel(
            2,
            1,
            List.of(memory(DType.FLOAT64, Operand.Access.CONTIGUOUS)),
            List.of(),
            body.instrs(),
            List.of(
                new Output.Reduce(ReduceOp.ARGMAX, DType.INT64, x.number()),
                new Output.Reduce(ReduceOp.MEAN, DType.FLOAT64, x.number()))));
  }

  private static Named constants() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT32, 0);
    Body.Value magic = x.add(0x1.8p23);
    Body.Value bits = magic.bitcast(DType.INT32).shl(23).and(-8);
    Body.Value nan = body.constant(DType.FLOAT32, Bits.canonicalNaN(DType.FLOAT32));
    Body.Value result = x.eq(-0.0).select(nan, x.fma(bits.bitcast(DType.FLOAT32), x));
    return new Named(
        "constants",
        new Kernel(
            1,
            0,
            List.of(memory(DType.FLOAT32, Operand.Access.CONTIGUOUS)),
            List.of(),
            body.instrs(),
            List.of(new Output.Store(DType.FLOAT32, result.number(), Operand.Access.CONTIGUOUS))));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void golden(Named named) throws IOException {
    Path file = GOLDEN.resolve(named.name() + ".kernel");
    if (Boolean.getBoolean("kiln.golden.update")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, KernelText.of(named.kernel()));
    }
    assertThat(KernelText.of(named.kernel())).isEqualTo(Files.readString(file));
    assertThat(KernelText.parse(Files.readString(file))).isEqualTo(named.kernel());
  }

  @Test
  void textsAreEqualExactlyIfKernelsAre() {
    Map<String, Kernel> known = new HashMap<>();
    Map<Kernel, String> texts = new HashMap<>();
    Set<Opcode> covered = EnumSet.noneOf(Opcode.class);
    for (long seed = 0; seed < 5_000; seed++) {
      Kernel kernel = RandomKernels.generate(seed);
      String text = KernelText.of(kernel);
      assertThat(KernelText.parse(text)).as("seed %d\n%s", seed, text).isEqualTo(kernel);
      assertThat(KernelText.of(KernelText.parse(text))).isEqualTo(text);
      assertThat(known.putIfAbsent(text, kernel)).as("seed %d\n%s", seed, text).isIn(null, kernel);
      assertThat(texts.putIfAbsent(kernel, text)).as("seed %d\n%s", seed, text).isIn(null, text);
      for (Instr instr : kernel.body()) {
        if (instr instanceof Instr.Apply apply) {
          covered.add(apply.op());
        }
      }
    }
    assertThat(covered).containsExactlyInAnyOrder(Opcode.values());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "kernel kept one reduced 0\n",
        "kernel kept 1 reduced 0\n",
        "kernel kept 1 reduced 0\n\na0 memory float32 contiguous\n",
        "kernel kept 1 reduced 0\na1 memory float32 contiguous\n",
        "kernel kept 1 reduced 0\na0 disk float32 contiguous\n",
        "kernel kept 1 reduced 0\na0 memory float31 contiguous\n",
        "kernel kept 1 reduced 0\n%0 = load float32 a0\nstore float32 %0 contiguous\n",
        "kernel kept 1 reduced 0\n%0 = const float32 1.0\nstore float32 %0 contiguous\n",
        "kernel kept 1 reduced 0\n%0 = const float32 0xzz\nstore float32 %0 contiguous\n",
        "kernel kept 1 reduced 0\n%1 = const float32 0x0\nstore float32 %1 contiguous\n",
        "kernel kept 1 reduced 0\n%0 = const float32 0x0\nstore float32 %0\n",
        "kernel kept 1 reduced 0\n%0 = const float32 0x0\nstore float32 %1 contiguous\n",
        "kernel kept 1 reduced 0\n"
            + "%0 = const float32 0x0\n"
            + "%1 = add float32 %0\n"
            + "store float32 %1 contiguous\n",
        "kernel kept 1 reduced 0\n"
            + "%0 = const float32 0x0\n"
            + "%1 = add float32 %0 %1\n"
            + "store float32 %1 contiguous\n",
        "kernel kept 1 reduced 0\n"
            + "%0 = const float32 0x0\n"
            + "%1 = frobnicate float32 %0\n"
            + "store float32 %1 contiguous\n",
        "kernel kept 1 reduced 0\n"
            + "%0 = const bool 0x1\n"
            + "%1 = add bool %0 %0\n"
            + "store bool %1 contiguous\n"
      })
  void whatIsNoKernelIsRefused(String text) {
    assertThatThrownBy(() -> KernelText.parse(text))
        .isInstanceOf(KilnException.class)
        .hasMessageStartingWith("not a kernel: ")
        .hasMessageContaining("KernelText.of");
  }

  @Test
  void errorsNameTheLine() {
    assertThatThrownBy(() -> KernelText.parse("kernel kept 1 reduced 0\na0 disk float32 strided\n"))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("line 2 is 'a0 disk float32 strided'");
  }
}
