package dev.kiln.cli.bench;

import dev.kiln.memory.SlabPool;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.spi.Buffer;
import java.util.List;

/**
 * What this machine can do at all: the ceilings that every figure is read against.
 *
 * @param threads that worked together
 * @param copy GB/s of a copy of 16 Mi floats, each array counted once
 * @param triad GB/s of {@code z = 2.5 x + y} over as many
 * @param read GB/s of a sum over as many
 * @param fma32 GFLOP/s of independent multiply-adds of float32 in registers
 * @param fma64 GFLOP/s of independent multiply-adds of float64 in registers
 */
public record Limits(
    int threads, double copy, double triad, double read, double fma32, double fma64) {
  private static final int PASSES = 20;
  private static final long ELEMENTS = 1L << 24;
  private static final long TURNS = 1L << 21;

  /** Elements of a warm-up pass, and turns. */
  private static final long FEW = 1L << 12;

  private static final double WINDOW = 0.05;

  /** One ceiling by its name, for people. */
  public record Ceiling(String name, String unit, double value) {
    /** One line of JSON. */
    public Json json(int threads) {
      return new Json()
          .with("ceiling", name)
          .with("threads", threads)
          .with(unit.equals("GB/s") ? "gb_s" : "gflop_s", value);
    }
  }

  /** All ceilings. */
  public List<Ceiling> ceilings() {
    return List.of(
        new Ceiling("copy", "GB/s", copy),
        new Ceiling("triad", "GB/s", triad),
        new Ceiling("read", "GB/s", read),
        new Ceiling("fma32", "GFLOP/s", fma32),
        new Ceiling("fma64", "GFLOP/s", fma64));
  }

  /** Measures, best of twenty passes each; takes about two seconds. */
  public static Limits measure(int threads) {
    try (SlabPool memory = new SlabPool(SlabPool.defaultLimit());
        Dispatcher workers = new Dispatcher(threads)) {
      Buffer x = ones(memory);
      Buffer y = ones(memory);
      Buffer z = ones(memory);
      Team team = new Team(workers);
      double gigabytes = ELEMENTS * Float.BYTES / 1e9;
      LimitLoops loops = new LimitLoops(x.segment(), y.segment(), z.segment());
      double copying = Math.min(team.best(loops::copy, ELEMENTS), team.best(loops::move, ELEMENTS));
      double flops = 2e-9 * LimitLoops.ACCUMULATORS * TURNS * threads;
      return new Limits(
          threads,
          2 * gigabytes / copying,
          3 * gigabytes / team.best(loops::triad, ELEMENTS),
          gigabytes / team.best(loops::read, ELEMENTS),
          flops * LimitLoops.lanes32() / team.best(loops::fma32, TURNS * threads),
          flops * LimitLoops.lanes64() / team.best(loops::fma64, TURNS * threads));
    }
  }

  private static Buffer ones(SlabPool memory) {
    Buffer buffer = memory.allocate(ELEMENTS * Float.BYTES);
    for (long i = 0; i < ELEMENTS; i++) {
      buffer.segment().setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i, 1);
    }
    return buffer;
  }

  /** A loop over a part of the work. */
  @FunctionalInterface
  interface Loop {
    /** From one element, or turn, to before another. */
    void run(long from, long to);
  }

  /** Threads that share a loop evenly. */
  private record Team(Dispatcher workers) {
    double best(Loop loop, long work) {
      Clock.warm(() -> loop.run(0, FEW), WINDOW);
      int threads = workers.count();
      double best = Double.POSITIVE_INFINITY;
      for (int pass = 0; pass < PASSES; pass++) {
        double time =
            Clock.once(
                () ->
                    workers.forEach(
                        threads,
                        (part, _) -> loop.run(part * work / threads, (part + 1) * work / threads)));
        best = Math.min(best, time);
      }
      return best;
    }
  }
}
