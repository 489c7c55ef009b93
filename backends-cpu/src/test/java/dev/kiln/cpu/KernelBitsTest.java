package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ScalarMeaning;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random kernels of stores against the definition, by every form of code. */
class KernelBitsTest {
  private static final List<DType> DTYPES =
      Arrays.stream(DType.values()).filter(d -> d.kind() != DType.Kind.COMPLEX).toList();

  @ParameterizedTest
  @EnumSource(Settings.Vectors.class)
  void singleOperations(Settings.Vectors vectors) {
    try (CpuBackend backend = TestMachine.backend(vectors, 2)) {
      Random random = new Random(1);
      for (Opcode op : Opcode.values()) {
        for (DType from : DTYPES) {
          for (DType to : DTYPES) {
            Body body = new Body();
            List<Operand> operands = new ArrayList<>();
            List<Body.Value> arguments = new ArrayList<>();
            for (int k = 0; k < op.arity(); k++) {
              boolean condition = op.group() == Opcode.Group.CHOICE && k == 0;
              DType dtype = condition ? DType.BOOL : from;
              operands.add(new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS));
              arguments.add(body.load(dtype, k));
            }
            Body.Value result = body.apply(op, to, arguments.toArray(Body.Value[]::new));
            if (allows(1, operands, List.of(), body, result)) {
              check(
                  backend,
                  1,
                  operands,
                  List.of(),
                  body,
                  List.of(result),
                  83,
                  random,
                  op + " " + from + " " + to);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Settings.Vectors.class)
  void randomBodies(Settings.Vectors vectors) {
    try (CpuBackend backend = TestMachine.backend(vectors, 2)) {
      for (long seed = 0; seed < 100; seed++) {
        randomBody(backend, seed);
      }
    }
  }

  /** Following each path through the rare case, instead of each value, would take for ever. */
  @ParameterizedTest
  @EnumSource(Settings.Vectors.class)
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aRareCaseOfManyPaths(Settings.Vectors vectors) {
    Body body = new Body();
    Operand floats = new Operand(Operand.Source.MEMORY, DType.FLOAT32, Operand.Access.CONTIGUOUS);
    Body.Value x = body.load(DType.FLOAT32, 0);
    Body.Value usual = x;
    Body.Value left = x;
    Body.Value right = x;
    for (int level = 0; level < 60; level++) {
      usual = body.apply(Opcode.ADD, DType.FLOAT32, usual, x);
      Body.Value sum = body.apply(Opcode.ADD, DType.FLOAT32, left, right);
      right = body.apply(Opcode.MAX, DType.FLOAT32, left, right);
      left = sum;
    }
    Body.Value rare = body.apply(Opcode.SUB, DType.FLOAT32, left, right);
    Body.Value isRare =
        body.apply(Opcode.LT, DType.BOOL, x, body.constant(DType.FLOAT32, Bits.of(0f)));
    Body.Value result = body.apply(Opcode.RARE, DType.FLOAT32, isRare, rare, usual);
    try (CpuBackend backend = TestMachine.backend(vectors, 2)) {
      check(
          backend,
          1,
          List.of(floats),
          List.of(),
          body,
          List.of(result),
          83,
          new Random(1),
          "a rare case of many paths");
    }
  }

  private static void randomBody(CpuBackend backend, long seed) {
    Random random = new Random(seed);
    int rank = 1 + random.nextInt(3);
    List<DType> some = new ArrayList<>(DTYPES);
    java.util.Collections.shuffle(some, random);
    some = some.subList(0, 1 + random.nextInt(3));
    Body body = new Body();
    List<Body.Value> values = new ArrayList<>();
    List<Operand> operands = new ArrayList<>();
    List<DType> params = new ArrayList<>();
    boolean plain = random.nextInt(2) == 0;
    for (int k = 0; k < 1 + random.nextInt(3); k++) {
      DType dtype = some.get(random.nextInt(some.size()));
      boolean index = random.nextInt(8) == 0;
      Operand.Access access = Operand.Access.values()[random.nextInt(plain ? 2 : 3)];
      operands.add(
          index
              ? new Operand(Operand.Source.INDEX, DType.INT64, Operand.Access.STRIDED)
              : new Operand(Operand.Source.MEMORY, dtype, access));
      values.add(body.load(operands.getLast().dtype(), k));
    }
    for (int p = 0; p < random.nextInt(3); p++) {
      params.add(some.get(random.nextInt(some.size())));
      values.add(body.param(params.getLast(), p));
    }
    values.add(body.constant(some.getFirst(), RandomValues.one(some.getFirst(), random)));
    int size = random.nextInt(3) == 0 ? 150 : 12;
    Opcode[] ops = Opcode.values();
    for (int tries = 0; tries < 40 * size && body.size() < size; tries++) {
      Opcode op = ops[random.nextInt(ops.length)];
      if (op.group() == Opcode.Group.LIBRARY && random.nextInt(6) > 0) {
        continue;
      }
      Body.Value[] arguments = new Body.Value[op.arity()];
      for (int k = 0; k < arguments.length; k++) {
        int recent = Math.max(0, values.size() - 8);
        int at =
            random.nextInt(3) == 0
                ? random.nextInt(values.size())
                : recent + random.nextInt(values.size() - recent);
        arguments[k] = values.get(at);
      }
      DType to =
          op.group() == Opcode.Group.COMPARE
              ? DType.BOOL
              : op.group() == Opcode.Group.CONVERSION
                  ? DTYPES.get(random.nextInt(DTYPES.size()))
                  : arguments[arguments.length - 1].dtype();
      // A malformed instruction can't be taken back, so it is tried in a body of its own.
      if (isTyped(op, to, arguments)) {
        if (op == Opcode.BITCAST && arguments[0].dtype().isFloat()) {
          // Who looks at the bits of a float makes its NaNs canonical first.
          Body.Value x = arguments[0];
          long nan = Bits.canonicalNaN(x.dtype());
          arguments[0] = x.eq(x).select(x, body.constant(x.dtype(), nan));
        }
        values.add(body.apply(op, to, arguments));
      }
    }
    List<Body.Value> outputs = new ArrayList<>();
    outputs.add(values.getLast());
    if (random.nextInt(3) == 0) {
      outputs.add(values.get(random.nextInt(values.size())));
    }
    int n = new int[] {1, 7, 64, 130, 1000, 2500}[random.nextInt(6)];
    check(backend, rank, operands, params, body, outputs, n, random, "seed " + seed);
  }

  private static boolean isTyped(Opcode op, DType to, Body.Value[] arguments) {
    Body body = new Body();
    Body.Value[] copies = new Body.Value[arguments.length];
    List<Operand> operands = new ArrayList<>();
    for (int k = 0; k < copies.length; k++) {
      copies[k] = body.load(arguments[k].dtype(), k);
      operands.add(
          new Operand(Operand.Source.MEMORY, arguments[k].dtype(), Operand.Access.CONTIGUOUS));
    }
    return allows(1, operands, List.of(), body, body.apply(op, to, copies));
  }

  /** Whether the kernel language allows the body's one result. */
  private static boolean allows(
      int rank, List<Operand> operands, List<DType> params, Body body, Body.Value result) {
    try {
      new Kernel(
          rank,
          0,
          operands,
          params,
          body.instrs(),
          List.of(new Output.Store(result.dtype(), result.number(), Operand.Access.CONTIGUOUS)));
      return true;
    } catch (AssertionError malformed) {
      return false;
    }
  }

  private static void check(
      CpuBackend backend,
      int rank,
      List<Operand> operands,
      List<DType> params,
      Body body,
      List<Body.Value> results,
      int inner,
      Random random,
      String name) {
    List<Long> extents = new ArrayList<>();
    for (int d = 0; d < rank - 1; d++) {
      extents.add(1L + random.nextInt(4));
    }
    extents.add((long) inner);
    int points = (int) extents.stream().mapToLong(e -> e).reduce(1, (a, b) -> a * b);
    List<Launch.Access> reads = new ArrayList<>();
    List<long[]> contents = new ArrayList<>();
    for (Operand operand : operands) {
      Strides strides = Strides.random(extents, operand.access(), random, true);
      if (operand.source() == Operand.Source.INDEX) {
        contents.add(new long[0]);
        reads.add(new Launch.Access(null, 17, strides.strides()));
      } else {
        long[] elements = RandomValues.many(operand.dtype(), strides.size() + 3, random);
        contents.add(elements);
        reads.add(
            new Launch.Access(
                TestMachine.buffer(operand.dtype(), elements),
                strides.offset(),
                strides.strides()));
      }
    }
    List<Long> paramBits = params.stream().map(p -> RandomValues.one(p, random)).toList();
    List<Output> outputs = new ArrayList<>();
    List<Launch.Access> writes = new ArrayList<>();
    List<Buffer> buffers = new ArrayList<>();
    for (Body.Value result : results) {
      boolean strided = random.nextInt(4) == 0;
      Operand.Access access = strided ? Operand.Access.STRIDED : Operand.Access.CONTIGUOUS;
      Strides strides = Strides.random(extents, access, random, false);
      outputs.add(new Output.Store(result.dtype(), result.number(), access));
      buffers.add(TestMachine.buffer(result.dtype(), new long[strides.size() + 3]));
      writes.add(new Launch.Access(buffers.getLast(), strides.offset(), strides.strides()));
    }
    Kernel kernel = new Kernel(rank, 0, operands, params, body.instrs(), outputs);
    backend.compile(kernel).launch(new Launch(extents, reads, paramBits, writes));
    long[] current = new long[operands.size()];
    long[] values = new long[body.size()];
    long[] paramArray = paramBits.stream().mapToLong(x -> x).toArray();
    List<long[]> written = new ArrayList<>();
    for (int o = 0; o < outputs.size(); o++) {
      written.add(TestMachine.elements(outputs.get(o).dtype(), buffers.get(o)));
    }
    for (int point = 0; point < points; point++) {
      for (int k = 0; k < current.length; k++) {
        long at = Strides.at(reads.get(k), extents, point);
        current[k] =
            operands.get(k).source() == Operand.Source.INDEX ? at : contents.get(k)[(int) at];
      }
      ScalarMeaning.evaluate(body.instrs(), current, paramArray, values);
      for (int o = 0; o < outputs.size(); o++) {
        DType dtype = outputs.get(o).dtype();
        long got = written.get(o)[(int) Strides.at(writes.get(o), extents, point)];
        // A NaN's bits are the lowering's care, which makes stored ones canonical.
        long expected = Bits.canonical(dtype, values[outputs.get(o).value()]);
        if (Bits.canonical(dtype, got) != expected) {
          assertThat(Bits.canonical(dtype, got))
              .as("%s point %d of %s output %d%n%s", name, point, extents, o, kernel)
              .isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Settings.Vectors.class)
  void transposedOperands(Settings.Vectors vectors) {
    try (CpuBackend backend = TestMachine.backend(vectors, 2)) {
      Random random = new Random(5);
      for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT16, DType.UINT8)) {
        List<Long> extents = List.of(2L, 37L, 1061L);
        int points = 2 * 37 * 1061;
        Body body = new Body();
        Body.Value sum = body.load(dtype, 0).mul(body.load(dtype, 1)).add(body.load(dtype, 0));
        long[] a = RandomValues.many(dtype, points, random);
        long[] b = RandomValues.many(dtype, points, random);
        List<Operand> operands =
            List.of(
                new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS),
                new Operand(Operand.Source.MEMORY, dtype, Operand.Access.STRIDED));
        List<Launch.Access> reads =
            List.of(
                new Launch.Access(TestMachine.buffer(dtype, a), 0, List.of(37L * 1061, 1061L, 1L)),
                new Launch.Access(TestMachine.buffer(dtype, b), 0, List.of(37L * 1061, 1L, 37L)));
        Buffer out = TestMachine.buffer(dtype, new long[points]);
        Kernel kernel =
            new Kernel(
                3,
                0,
                operands,
                List.of(),
                body.instrs(),
                List.of(new Output.Store(dtype, sum.number(), Operand.Access.CONTIGUOUS)));
        backend
            .compile(kernel)
            .launch(
                new Launch(
                    extents,
                    reads,
                    List.of(),
                    List.of(new Launch.Access(out, 0, List.of(37L * 1061, 1061L, 1L)))));
        long[] expected = new long[points];
        long[] values = new long[body.size()];
        for (int point = 0; point < points; point++) {
          long[] current = {a[point], b[(int) Strides.at(reads.get(1), extents, point)]};
          ScalarMeaning.evaluate(body.instrs(), current, new long[0], values);
          expected[point] = Bits.canonical(dtype, values[sum.number()]);
        }
        long[] got = TestMachine.elements(dtype, out);
        Arrays.setAll(got, i -> Bits.canonical(dtype, got[i]));
        assertThat(got).as("%s", dtype).isEqualTo(expected);
      }
    }
  }

  @org.junit.jupiter.api.Test
  void nanBitsOfLoadedDataAreKept() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT32, 0);
    Operand operand = new Operand(Operand.Source.MEMORY, DType.FLOAT32, Operand.Access.CONTIGUOUS);
    Kernel kernel =
        new Kernel(
            1,
            0,
            List.of(operand),
            List.of(),
            body.instrs(),
            List.of(new Output.Store(DType.FLOAT32, x.number(), Operand.Access.CONTIGUOUS)));
    long[] elements = new long[50];
    Arrays.fill(elements, 0xffc0_1234L);
    for (Settings.Vectors vectors : Settings.Vectors.values()) {
      try (CpuBackend backend = TestMachine.backend(vectors, 1)) {
        Buffer out = TestMachine.buffer(DType.FLOAT32, new long[50]);
        backend
            .compile(kernel)
            .launch(
                new Launch(
                    List.of(50L),
                    List.of(
                        new Launch.Access(
                            TestMachine.buffer(DType.FLOAT32, elements), 0, List.of(1L))),
                    List.of(),
                    List.of(new Launch.Access(out, 0, List.of(1L)))));
        assertThat(TestMachine.elements(DType.FLOAT32, out)).isEqualTo(elements);
      }
    }
  }
}
