package dev.kiln.cpu;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Slice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Steady-state bandwidth of memory-bound workloads through the whole engine, each array counted
 * once: GB/s and milliseconds of the best call in each of several rounds, the median over rounds
 * and the best. Not a test; run it on a quiet machine.
 *
 * <p>Memory bandwidth drifts within seconds. Given a program that prints what the machine can do, a
 * line {@code {"ceiling": "copy", … "gb_s": 42.1}} each for copy, triad and read, it is run before
 * and after each round, and the ratio to the mean of the two is the figure to quote.
 *
 * <pre>
 * mvn -q test-compile
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp \
 *   core/target/classes:backends-cpu/target/classes:backends-cpu/target/test-classes \
 *   dev.kiln.cpu.EngineBench [PROGRAM|- [WORKLOAD...]]
 * </pre>
 */
final class EngineBench {
  private static final int ELEMENTS = 1 << 24;
  private static final int SIDE = 4096;
  private static final int COLUMNS = 256;
  private static final int POINTS = 2048;
  private static final int ROUNDS = Integer.getInteger("rounds", 9);
  private static final double[] POLYNOMIAL = {0.5, -1.25, 0.75, 2.0, -0.5, 0.25, 1.5, -2.25, 1.0};

  private EngineBench() {}

  /**
   * A workload.
   *
   * @param elements how many it reads and writes, each array counted once
   * @param ceiling what of the machine limits it
   */
  private record Workload(long elements, String ceiling, Supplier<NDArray> call) {}

  public static void main(String[] arguments) throws IOException {
    String program = arguments.length == 0 || arguments[0].equals("-") ? "" : arguments[0];
    List<String> names =
        List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    try (Engine engine = Engine.builder().backend("cpu").threads(2).build()) {
      for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
        Map<String, Workload> workloads = workloads(engine, dtype);
        if (!names.isEmpty()) {
          workloads.keySet().retainAll(names);
        }
        workloads.values().forEach(workload -> best(workload, 1.2));
        for (Map.Entry<String, Workload> entry : workloads.entrySet()) {
          print(entry.getKey() + " " + dtype, dtype, entry.getValue(), program);
        }
      }
    }
  }

  private static Map<String, Workload> workloads(Engine engine, DType dtype) {
    NDArray x = input(engine, dtype, 7_919, 10_007);
    NDArray y = input(engine, dtype, 104_729, 10_009);
    Map<String, Workload> workloads = new LinkedHashMap<>();
    NDArray square = x.reshape(SIDE, SIDE);
    NDArray tall = x.reshape(-1, COLUMNS);
    NDArray points = x.get(Slice.to(3 * POINTS)).reshape(POINTS, 3).compute();
    long n = ELEMENTS;
    workloads.put("triad", new Workload(3 * n, "triad", () -> x.multiply(2.5).add(y)));
    workloads.put("polynomial", new Workload(2 * n, "copy", () -> polynomial(engine, x)));
    workloads.put("sum", new Workload(n, "read", x::sum));
    workloads.put(
        "norm-distance", new Workload(2 * n, "read", () -> x.subtract(y).square().sum().sqrt()));
    workloads.put("softmax-rows", new Workload(2 * n, "copy", () -> softmax(square)));
    workloads.put("standardise-columns", new Workload(2 * n, "copy", () -> standardise(tall)));
    workloads.put(
        "pairwise-distance", new Workload((long) POINTS * POINTS, "copy", () -> pairwise(points)));
    workloads.put("stencil-5", new Workload(2 * n, "copy", () -> stencil(square)));
    workloads.put("transpose-add", new Workload(2 * n, "copy", () -> square.add(square.T())));
    return workloads;
  }

  private static NDArray input(Engine engine, DType dtype, long factor, long modulus) {
    NDArray whole = engine.arange(ELEMENTS).multiply(factor).remainder(modulus);
    return whole.astype(dtype).divide((double) modulus).compute();
  }

  private static NDArray polynomial(Engine engine, NDArray x) {
    NDArray result = engine.full(x.shape(), POLYNOMIAL[POLYNOMIAL.length - 1], x.dtype());
    for (int k = POLYNOMIAL.length - 2; k >= 0; k--) {
      result = result.multiply(x).add(POLYNOMIAL[k]);
    }
    return result;
  }

  private static NDArray softmax(NDArray x) {
    NDArray e = x.subtract(x.max(Axes.of(1).keepDims())).exp();
    return e.divide(e.sum(Axes.of(1).keepDims()));
  }

  private static NDArray standardise(NDArray x) {
    return x.subtract(x.mean(Axes.of(0).keepDims())).divide(x.std(Axes.of(0).keepDims(), 0));
  }

  private static NDArray pairwise(NDArray p) {
    return p.expandDims(1).subtract(p.expandDims(0)).square().sum(2).sqrt();
  }

  private static NDArray stencil(NDArray x) {
    Slice inner = Slice.of(1, -1);
    NDArray vertical = x.get(Slice.to(-2), inner).add(x.get(Slice.from(2), inner));
    return vertical.add(x.get(inner, Slice.to(-2))).add(x.get(inner, Slice.from(2))).multiply(0.25);
  }

  private static void print(String name, DType dtype, Workload workload, String program)
      throws IOException {
    double[] rates = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double before = ceiling(program, workload.ceiling);
      double bytes = (double) workload.elements * dtype.bytes();
      rates[round] = bytes / best(workload, 0.5) / 1e9;
      ratios[round] = rates[round] / ((before + ceiling(program, workload.ceiling)) / 2);
    }
    Arrays.sort(rates);
    Arrays.sort(ratios);
    double megabytes = workload.elements * dtype.bytes() / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%-28s %6.1f GB/s %8.3f ms (best %8.3f ms)",
        name,
        rates[ROUNDS / 2],
        megabytes / rates[ROUNDS / 2],
        megabytes / rates[ROUNDS - 1]);
    if (!program.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "  %.2f of the ceiling (%.2f to %.2f)",
          ratios[ROUNDS / 2],
          ratios[0],
          ratios[ROUNDS - 1]);
    }
    System.out.println();
  }

  /** GB/s of a ceiling as the program measures it now; 1 without a program. */
  private static double ceiling(String program, String name) throws IOException {
    if (program.isEmpty()) {
      return 1;
    }
    ProcessBuilder builder = new ProcessBuilder(program);
    builder.environment().put("OMP_NUM_THREADS", "2");
    String output =
        new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher matcher = Pattern.compile("\"" + name + "\".*\"gb_s\": ([0-9.]+)").matcher(output);
    if (!matcher.find()) {
      throw new IOException(program + " printed no ceiling " + name + ": " + output);
    }
    return Double.parseDouble(matcher.group(1));
  }

  /** The seconds of the fastest call within that many seconds. */
  private static double best(Workload workload, double seconds) {
    long best = Long.MAX_VALUE;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      workload.call.get().compute().release();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best / 1e9;
  }
}
