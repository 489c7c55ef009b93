package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Times a few kernels, best of several; a program for people, not a test. */
public final class CpuBench {
  private static final long N = 16L << 20;
  private static final int ADVICE_HUGE_PAGES = 14;

  private final CpuBackend backend;

  private CpuBench(int threads) {
    backend =
        new CpuBackend(
            VectorUnit.detect(),
            new Settings(Settings.Vectors.AUTO, true),
            pool(threads),
            TestMachine.memory());
  }

  private static Workers pool(int threads) {
    ExecutorService helpers =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1), r -> Thread.ofPlatform().daemon().unstarted(r));
    return new Workers() {
      @Override
      public int count() {
        return threads;
      }

      @Override
      public void forEach(long chunks, Task task) {
        AtomicLong next = new AtomicLong();
        CountDownLatch done = new CountDownLatch(threads - 1);
        for (int w = 1; w < threads; w++) {
          int worker = w;
          helpers.execute(
              () -> {
                drain(chunks, task, next, worker);
                done.countDown();
              });
        }
        drain(chunks, task, next, 0);
        try {
          done.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }

      private void drain(long chunks, Task task, AtomicLong next, int worker) {
        for (long c = next.getAndIncrement(); c < chunks; c = next.getAndIncrement()) {
          task.run(c, worker);
        }
      }
    };
  }

  private static Buffer huge(DType dtype, long count) throws Throwable {
    long bytes = count * dtype.bytes();
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(bytes, 2 << 20), 2 << 20);
    MethodHandle madvise =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().find("madvise").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    int result = (int) madvise.invokeExact(segment, segment.byteSize(), ADVICE_HUGE_PAGES);
    if (result != 0) {
      throw new AssertionError("madvise: " + result);
    }
    for (long i = 0; i < count; i++) {
      Raw.set(
          dtype,
          segment.address() + i * dtype.bytes(),
          dev.kiln.kernel.Bits.ofDouble(dtype, 0.5 + i % 7));
    }
    return new TestMachine.TestBuffer(segment.asSlice(0, bytes));
  }

  private void time(String name, Kernel kernel, Launch launch, long bytes) {
    var executable = backend.compile(kernel);
    double best = Double.MAX_VALUE;
    double first = 0;
    long start = System.nanoTime();
    for (int r = 0; r < 1000 && (r < 8 || System.nanoTime() - start < 1_500_000_000L); r++) {
      long t = System.nanoTime();
      executable.launch(launch);
      double ms = (System.nanoTime() - t) / 1e6;
      best = Math.min(best, ms);
      first = r == 0 ? ms : first;
    }
    System.out.printf(
        Locale.ROOT,
        "%-28s first %8.2f ms, best %7.3f ms, %6.1f GB/s   %s%n",
        name,
        first,
        best,
        bytes / best / 1e6,
        executable.describe());
  }

  private static Operand contiguous(DType dtype) {
    return new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS);
  }

  private void map(DType dtype, String name, int operands, Function<List<Body.Value>, Body.Value> f)
      throws Throwable {
    Body body = new Body();
    List<Operand> reads = new ArrayList<>();
    List<Body.Value> values = new ArrayList<>();
    List<Launch.Access> accesses = new ArrayList<>();
    for (int k = 0; k < operands; k++) {
      reads.add(contiguous(dtype));
      values.add(body.load(dtype, k));
      accesses.add(new Launch.Access(huge(dtype, N), 0, List.of(1L)));
    }
    Body.Value result = f.apply(values);
    result = result.eq(result).select(result, result.like(Double.NaN));
    Kernel kernel =
        new Kernel(
            1,
            0,
            reads,
            List.of(),
            body.instrs(),
            List.of(new Output.Store(dtype, result.number(), Operand.Access.CONTIGUOUS)));
    Launch launch =
        new Launch(
            List.of(N),
            accesses,
            List.of(),
            List.of(new Launch.Access(huge(dtype, N), 0, List.of(1L))));
    time(name + " " + dtype, kernel, launch, (operands + 1) * N * dtype.bytes());
  }

  private void reduce(
      DType dtype,
      String name,
      ReduceOp op,
      int operands,
      List<Long> kept,
      List<Long> reduced,
      List<Long> strides,
      Function<List<Body.Value>, Body.Value> f)
      throws Throwable {
    Body body = new Body();
    List<Operand> reads = new ArrayList<>();
    List<Body.Value> values = new ArrayList<>();
    List<Launch.Access> accesses = new ArrayList<>();
    List<Long> extents = new ArrayList<>(kept);
    extents.addAll(reduced);
    long n = extents.stream().reduce(1L, (a, b) -> a * b);
    long rows = kept.stream().reduce(1L, (a, b) -> a * b);
    for (int k = 0; k < operands; k++) {
      Operand.Access access =
          strides.getLast() == 1 ? Operand.Access.CONTIGUOUS : Operand.Access.STRIDED;
      reads.add(new Operand(Operand.Source.MEMORY, dtype, access));
      values.add(body.load(dtype, k));
      accesses.add(new Launch.Access(huge(dtype, n), 0, strides));
    }
    Body.Value result = f.apply(values);
    Kernel kernel =
        new Kernel(
            kept.size(),
            reduced.size(),
            reads,
            List.of(),
            body.instrs(),
            List.of(
                new Output.Reduce(
                    op, op == ReduceOp.ARGMAX ? DType.INT64 : dtype, result.number())));
    Launch launch =
        new Launch(
            extents,
            accesses,
            List.of(),
            List.of(
                new Launch.Access(
                    huge(DType.FLOAT64, Math.max(rows, 8)),
                    0,
                    kept.isEmpty() ? List.of() : List.of(1L))));
    time(name + " " + dtype, kernel, launch, operands * n * dtype.bytes());
  }

  private void transposeAdd(DType dtype) throws Throwable {
    long m = 4096;
    Body body = new Body();
    Body.Value sum = body.load(dtype, 0).add(body.load(dtype, 1));
    Kernel kernel =
        new Kernel(
            2,
            0,
            List.of(
                contiguous(dtype),
                new Operand(Operand.Source.MEMORY, dtype, Operand.Access.STRIDED)),
            List.of(),
            body.instrs(),
            List.of(new Output.Store(dtype, sum.number(), Operand.Access.CONTIGUOUS)));
    Launch launch =
        new Launch(
            List.of(m, m),
            List.of(
                new Launch.Access(huge(dtype, N), 0, List.of(m, 1L)),
                new Launch.Access(huge(dtype, N), 0, List.of(1L, m))),
            List.of(),
            List.of(new Launch.Access(huge(dtype, N), 0, List.of(m, 1L))));
    time("transpose-add " + dtype, kernel, launch, 3 * N * dtype.bytes());
  }

  private void all(DType dtype) throws Throwable {
    map(dtype, "triad", 2, v -> v.get(0).mul(2.5).add(v.get(1)));
    map(
        dtype,
        "polynomial",
        1,
        v -> {
          Body.Value x = v.getFirst();
          Body.Value sum = x.like(1.5);
          for (int k = 1; k <= 8; k++) {
            sum = sum.mul(x).add(1.0 / k);
          }
          return sum;
        });
    Function<List<Body.Value>, Body.Value> self = List::getFirst;
    Function<List<Body.Value>, Body.Value> distance =
        v -> {
          Body.Value d = v.get(0).sub(v.get(1));
          return d.mul(d);
        };
    reduce(dtype, "sum", ReduceOp.SUM, 1, List.of(), List.of(N), List.of(1L), self);
    reduce(dtype, "sum 256Ki", ReduceOp.SUM, 1, List.of(), List.of(N / 64), List.of(1L), self);
    reduce(dtype, "norm-distance", ReduceOp.SUM, 2, List.of(), List.of(N), List.of(1L), distance);
    reduce(dtype, "max", ReduceOp.MAX, 1, List.of(), List.of(N), List.of(1L), self);
    reduce(dtype, "argmax", ReduceOp.ARGMAX, 1, List.of(), List.of(N), List.of(1L), self);
    reduce(
        dtype,
        "variance",
        ReduceOp.SQUARED_DEVIATIONS,
        1,
        List.of(),
        List.of(N),
        List.of(1L),
        self);
    reduce(
        dtype,
        "rows 4096x4096",
        ReduceOp.SUM,
        1,
        List.of(4096L),
        List.of(4096L),
        List.of(4096L, 1L),
        self);
    reduce(
        dtype,
        "rows 1Mx16",
        ReduceOp.SUM,
        1,
        List.of(N / 16),
        List.of(16L),
        List.of(16L, 1L),
        self);
    reduce(
        dtype,
        "columns 4096x4096",
        ReduceOp.SUM,
        1,
        List.of(4096L),
        List.of(4096L),
        List.of(1L, 4096L),
        self);
    reduce(
        dtype,
        "columns 65536x256",
        ReduceOp.SUM,
        1,
        List.of(256L),
        List.of(65536L),
        List.of(1L, 256L),
        self);
    reduce(
        dtype,
        "variance columns 65536x256",
        ReduceOp.SQUARED_DEVIATIONS,
        1,
        List.of(256L),
        List.of(65536L),
        List.of(1L, 256L),
        self);
    transposeAdd(dtype);
  }

  /** Runs; the argument is the number of threads. */
  public static void main(String[] args) throws Throwable {
    CpuBench bench = new CpuBench(args.length > 0 ? Integer.parseInt(args[0]) : 2);
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      bench.all(dtype);
    }
    bench.backend.close();
    System.exit(0);
  }
}
