package dev.kiln.schedule.cost;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures a device in one or two seconds, by kernels like any other: z = a x + y, small for a
 * launch's latency and large for bandwidth, and a long polynomial for arithmetic.
 */
public final class Measuring implements AutoCloseable {
  private static final long SMALL = 1 << 10;

  /** Elements that no cache has room for. */
  private static final long LARGE = 1 << 22;

  /** Elements of the polynomial, and its degree: all arithmetic, but for a device with copies. */
  private static final long POINTS = 1 << 20;

  private static final int DEGREE = 96;

  /** A kernel gets this long in all, and so long without getting faster: JVMs warm up. */
  private static final long LONGEST = 800_000_000;

  private static final long STILL = 250_000_000;

  /**
   * The part of a polynomial's time that is arithmetic, at the least: below it, clocks are noise.
   */
  private static final double LEAST_PART = 0.05;

  private final Backend backend;
  private final List<Buffer> buffers = new ArrayList<>();

  private Measuring(Backend backend) {
    this.backend = backend;
  }

  private void allocate(Memory memory) {
    for (int k = 0; k < 3; k++) {
      Buffer buffer = memory.allocate(LARGE * Float.BYTES);
      buffers.add(buffer);
      if (buffer.pin() == 0) {
        throw new AssertionError("no address");
      }
      // About 0.01 in float32, and no special value in float64 either.
      buffer.segment().fill((byte) 0x3c);
    }
  }

  /**
   * The profile of what a backend runs on.
   *
   * @throws dev.kiln.KilnException where there is no memory for it, or a kernel cannot be run
   */
  public static Profile of(Backend backend, Memory memory) {
    try (Measuring measuring = new Measuring(backend)) {
      measuring.allocate(memory);
      return measuring.profile();
    }
  }

  private Profile profile() {
    Executable triad = backend.compile(triad());
    Launch small = launch(SMALL, DType.FLOAT32, 2, List.of(Bits.of(2.5f)));
    Launch large = launch(LARGE, DType.FLOAT32, 2, List.of(Bits.of(2.5f)));
    double moving = best(triad, large);
    double latency = best(triad, small);
    double bandwidth = 3.0 * LARGE * Float.BYTES / moving;
    Executable polynomial = backend.compile(polynomial(DType.FLOAT32));
    double first = once(polynomial, launch(POINTS, DType.FLOAT32, 1, List.of()));
    double again = best(polynomial, launch(POINTS, DType.FLOAT32, 1, List.of()));
    double flops32 = rate(again, DType.FLOAT32, latency, bandwidth);
    double flops64 = 0;
    if (backend.runs(polynomial(DType.FLOAT64))) {
      Launch launch = launch(POINTS, DType.FLOAT64, 1, List.of());
      double nanos = best(backend.compile(polynomial(DType.FLOAT64)), launch);
      flops64 = rate(nanos, DType.FLOAT64, latency, bandwidth);
    }
    double making = Math.max(0, first - again);
    return new Profile(latency, making, 1e9 * bandwidth, 1e9 * flops32, 1e9 * flops64);
  }

  /** Operations a nanosecond, such that {@link Profile#nanos} gives the time measured. */
  private static double rate(double nanos, DType dtype, double latency, double bandwidth) {
    double moving = latency + 2.0 * POINTS * dtype.bytes() / bandwidth;
    return 2.0 * DEGREE * POINTS / Math.max(nanos - moving, LEAST_PART * nanos);
  }

  private double best(Executable executable, Launch launch) {
    long start = System.nanoTime();
    long better = start;
    double best = Double.POSITIVE_INFINITY;
    for (long now = start; now - start < LONGEST && now - better < STILL; now = System.nanoTime()) {
      double nanos = once(executable, launch);
      if (nanos < 0.97 * best) {
        better = System.nanoTime();
      }
      best = Math.min(best, nanos);
    }
    return best;
  }

  private double once(Executable executable, Launch launch) {
    long start = System.nanoTime();
    executable.launch(launch);
    backend.await();
    return Math.max(1, System.nanoTime() - start);
  }

  /** A launch on the first buffers, the last of which is written. */
  private Launch launch(long size, DType dtype, int reads, List<Long> params) {
    if (size * dtype.bytes() > LARGE * Float.BYTES) {
      throw new AssertionError("too large: " + size + " of " + dtype);
    }
    List<Launch.Access> operands = new ArrayList<>();
    for (int k = 0; k < reads; k++) {
      operands.add(new Launch.Access(buffers.get(k), 0, List.of(1L)));
    }
    Launch.Access output = new Launch.Access(buffers.get(2), 0, List.of(1L));
    return new Launch(List.of(size), operands, params, List.of(output));
  }

  private static Kernel triad() {
    DType dtype = DType.FLOAT32;
    List<Instr> body =
        List.of(
            new Instr.Load(dtype, 0),
            new Instr.Load(dtype, 1),
            new Instr.Param(dtype, 0),
            new Instr.Apply(Opcode.FMA, dtype, 2, 0, 1));
    return kernel(dtype, 2, List.of(dtype), body);
  }

  private static Kernel polynomial(DType dtype) {
    List<Instr> body = new ArrayList<>();
    body.add(new Instr.Load(dtype, 0));
    body.add(new Instr.Const(dtype, Bits.ofDouble(dtype, 0.5)));
    for (int k = 0; k < DEGREE; k++) {
      body.add(new Instr.Apply(Opcode.FMA, dtype, k == 0 ? 1 : body.size() - 1, 0, 1));
    }
    return kernel(dtype, 1, List.of(), body);
  }

  private static Kernel kernel(DType dtype, int reads, List<DType> params, List<Instr> body) {
    List<Operand> operands = new ArrayList<>();
    for (int k = 0; k < reads; k++) {
      operands.add(new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS));
    }
    Output output = new Output.Store(dtype, body.size() - 1, Operand.Access.CONTIGUOUS);
    return new Kernel(1, 0, operands, params, body, List.of(output));
  }

  @Override
  public void close() {
    buffers.forEach(Buffer::unpin);
    buffers.forEach(Buffer::release);
  }
}
