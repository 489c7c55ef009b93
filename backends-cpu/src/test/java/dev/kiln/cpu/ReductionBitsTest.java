package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.ScalarMeaning;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reduction in every form against the plain reference, bit by bit. */
class ReductionBitsTest {
  private static final List<DType> DTYPES =
      Arrays.stream(DType.values()).filter(d -> d.kind() != DType.Kind.COMPLEX).toList();

  @ParameterizedTest
  @EnumSource(Settings.Vectors.class)
  void wholeArrays(Settings.Vectors vectors) {
    int[] sizes = {0, 1, 2, 15, 16, 17, 31, 33, 100, 1023, 4095, 4096, 4097, 8192, 8200, 70_001};
    try (CpuBackend backend = TestMachine.backend(vectors, 3)) {
      for (DType dtype : DTYPES) {
        for (int size : sizes) {
          check(backend, dtype, List.of(), List.of((long) size), prologue(size), size);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Settings.Vectors.class)
  void someAxes(Settings.Vectors vectors) {
    try (CpuBackend backend = TestMachine.backend(vectors, 2)) {
      for (long seed = 0; seed < 60; seed++) {
        Random random = new Random(seed);
        DType dtype = DTYPES.get(random.nextInt(DTYPES.size()));
        if (random.nextInt(2) == 0) {
          dtype = random.nextBoolean() ? DType.FLOAT32 : DType.FLOAT64;
        }
        List<Long> kept = extents(random, 1 + random.nextInt(2), 40);
        List<Long> reduced = extents(random, 1 + random.nextInt(2), 70);
        if (random.nextInt(8) == 0) {
          kept = List.of(20L);
          reduced = List.of(5000L);
        }
        check(backend, dtype, kept, reduced, random.nextInt(4), seed);
      }
    }
  }

  /** Long columns side by side, and many short rows: forms of their own. */
  @ParameterizedTest
  @EnumSource(Settings.Vectors.class)
  void columnsAndShortRows(Settings.Vectors vectors) {
    try (CpuBackend backend = TestMachine.backend(vectors, 2)) {
      long seed = 1000;
      for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.BOOL)) {
        for (int prologue = 0; prologue < 3; prologue++) {
          check(backend, dtype, List.of(19L), List.of(4500L), prologue, seed++);
          check(backend, dtype, List.of(3L, 70L), List.of(200L), prologue, seed++);
          check(backend, dtype, List.of(600L), List.of(7L), prologue, seed++);
          check(backend, dtype, List.of(40L), List.of(2L, 9L), prologue, seed++);
        }
      }
    }
  }

  private static List<Long> extents(Random random, int rank, int most) {
    return Stream.generate(() -> 1L + random.nextInt(most)).limit(rank).toList();
  }

  private static int prologue(int size) {
    return size % 4;
  }

  private static boolean applies(ReduceOp op, DType dtype, long n) {
    return switch (op) {
      case SUM, PROD -> dtype.isNumeric();
      case MEAN, SQUARED_DEVIATIONS -> dtype.isFloat();
      case MIN, MAX, ARGMIN, ARGMAX -> n > 0;
    };
  }

  /** Reduces f(x) or f(x, y) by all operations; the prologue chooses f and how x lies in memory. */
  private static void check(
      CpuBackend backend,
      DType dtype,
      List<Long> kept,
      List<Long> reduced,
      int prologue,
      long seed) {
    Random random = new Random(seed);
    List<Long> extents = new ArrayList<>(kept);
    extents.addAll(reduced);
    long n = reduced.stream().reduce(1L, (a, b) -> a * b);
    long rows = kept.stream().reduce(1L, (a, b) -> a * b);
    List<Operand> operands = new ArrayList<>();
    List<Launch.Access> reads = new ArrayList<>();
    List<long[]> contents = new ArrayList<>();
    Body body = new Body();
    Body.Value value = null;
    for (int k = 0; k < (prologue == 0 ? 1 : 2); k++) {
      List<Long> strides = order(extents, kept.size(), random);
      Operand.Access access =
          strides.getLast() == 1 ? Operand.Access.CONTIGUOUS : Operand.Access.STRIDED;
      long[] elements = data(dtype, (int) (rows * n), random);
      contents.add(elements);
      operands.add(new Operand(Operand.Source.MEMORY, dtype, access));
      reads.add(new Launch.Access(TestMachine.buffer(dtype, elements), 0, strides));
      Body.Value x = body.load(dtype, k);
      Opcode op = dtype == DType.BOOL ? Opcode.XOR : prologue == 2 ? Opcode.MAX : Opcode.MUL;
      value = value == null ? x : body.apply(op, dtype, value, x);
    }
    List<Output> outputs = new ArrayList<>();
    List<Launch.Access> writes = new ArrayList<>();
    List<Buffer> buffers = new ArrayList<>();
    for (ReduceOp op : ReduceOp.values()) {
      if (applies(op, dtype, n)) {
        boolean index = op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
        Output.Reduce output = new Output.Reduce(op, index ? DType.INT64 : dtype, value.number());
        outputs.add(output);
        buffers.add(TestMachine.buffer(output.dtype(), new long[(int) rows]));
        List<Long> strides = new ArrayList<>();
        long stride = 1;
        for (int d = kept.size() - 1; d >= 0; d--) {
          strides.addFirst(stride);
          stride *= kept.get(d);
        }
        writes.add(new Launch.Access(buffers.getLast(), 0, strides));
      }
    }
    if (outputs.isEmpty()) {
      return;
    }
    Kernel kernel =
        new Kernel(kept.size(), reduced.size(), operands, List.of(), body.instrs(), outputs);
    backend.compile(kernel).launch(new Launch(extents, reads, List.of(), writes));
    ReductionReference reference = new ReductionReference(dtype);
    List<Instr> instrs = body.instrs();
    long[] values = new long[instrs.size()];
    long[] current = new long[operands.size()];
    long[][] expected = new long[outputs.size()][(int) rows];
    for (int row = 0; row < rows; row++) {
      long[] sequence = new long[(int) n];
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < current.length; k++) {
          current[k] = contents.get(k)[(int) Strides.at(reads.get(k), extents, row * n + i)];
        }
        ScalarMeaning.evaluate(instrs, current, new long[0], values);
        sequence[i] = values[value.number()];
      }
      for (int o = 0; o < outputs.size(); o++) {
        ReduceOp op = ((Output.Reduce) outputs.get(o)).op();
        expected[o][row] = reference.reduce(op, sequence);
      }
    }
    for (int o = 0; o < outputs.size(); o++) {
      assertThat(TestMachine.elements(outputs.get(o).dtype(), buffers.get(o)))
          .as(
              "%s of %s, kept %s, reduced %s, strides %s, prologue %d, seed %d",
              outputs.get(o),
              dtype,
              kept,
              reduced,
              reads.stream().map(Launch.Access::strides).toList(),
              prologue,
              seed)
          .isEqualTo(expected[o]);
    }
  }

  /** The strides of a dense array whose axes lie in row-major, or in some other order. */
  private static List<Long> order(List<Long> extents, int kept, Random random) {
    List<Integer> axes = new ArrayList<>();
    for (int d = 0; d < extents.size(); d++) {
      axes.add(d);
    }
    switch (random.nextInt(3)) {
      case 0 -> Collections.rotate(axes, extents.size() - kept);
      case 1 -> Collections.shuffle(axes, random);
      default -> {
        // Row-major.
      }
    }
    long[] strides = new long[extents.size()];
    long stride = 1;
    for (int k = axes.size() - 1; k >= 0; k--) {
      strides[axes.get(k)] = stride;
      stride *= Math.max(1, extents.get(axes.get(k)));
    }
    return Arrays.stream(strides).boxed().toList();
  }

  /** Mostly ordinary numbers, since a NaN hides all else. */
  private static long[] data(DType dtype, int count, Random random) {
    long[] data = new long[count];
    boolean special = random.nextInt(3) == 0;
    boolean zeros = random.nextInt(6) == 0;
    for (int i = 0; i < count; i++) {
      data[i] =
          !dtype.isFloat() || special && random.nextInt(50) == 0
              ? RandomValues.one(dtype, random)
              : dev.kiln.kernel.Bits.ofDouble(
                  dtype, zeros ? -0.0 : 1 + random.nextGaussian() * 0.3);
    }
    return data;
  }
}
