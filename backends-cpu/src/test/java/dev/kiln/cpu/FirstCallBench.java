package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the first call of a kernel costs beside a later one: milliseconds of calls 1, 2 and 3 and of
 * the best call once it is hot. Not a test; run it on a quiet machine, in a fresh JVM for each
 * workload and dtype.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp \
 *   core/target/classes:backends-cpu/target/classes:backends-cpu/target/test-classes \
 *   dev.kiln.cpu.FirstCallBench float32|float64 fresh|warm WORKLOAD…
 * </pre>
 *
 * {@code warm} runs other kernels until they are hot before each workload; {@code fresh} only makes
 * the inputs.
 */
final class FirstCallBench {
  private static final int ELEMENTS = 1 << 24;
  private static final double[] POLYNOMIAL = {0.5, -1.25, 0.75, 2.0, -0.5, 0.25, 1.5, -2.25, 1.0};

  private FirstCallBench() {}

  public static void main(String[] arguments) throws InterruptedException {
    DType dtype = DType.of(arguments[0]);
    boolean warm = arguments[1].equals("warm");
    try (Engine engine = Engine.builder().backend("cpu").threads(2).build()) {
      NDArray x = input(engine, ELEMENTS, dtype, 7_919, 10_007);
      NDArray y = input(engine, ELEMENTS, dtype, 104_729, 10_009);
      if (warm) {
        warmUp(engine, dtype);
      }
      Map<String, Supplier<NDArray>> workloads = workloads(engine, x, y);
      for (String name : Arrays.asList(arguments).subList(2, arguments.length)) {
        measure(name + " " + dtype + " " + arguments[1], workloads.get(name));
      }
    }
  }

  private static NDArray input(Engine engine, long n, DType dtype, long factor, long modulus) {
    NDArray whole = engine.arange(n).multiply(factor).remainder(modulus);
    return whole.astype(dtype).divide((double) modulus).add(0.01).compute();
  }

  /** Kernels unlike those that are measured, until all are hot. */
  private static void warmUp(Engine engine, DType dtype) throws InterruptedException {
    NDArray u = input(engine, 1 << 20, dtype, 3, 1_009);
    NDArray v = input(engine, 1 << 20, dtype, 5, 1_013);
    for (int k = 0; k < 100; k++) {
      u.subtract(v).multiply(v).compute().release();
      u.abs().sqrt().max().item();
      u.tanh().divide(v).compute().release();
      u.multiply(u).mean().item();
    }
    Thread.sleep(3000);
  }

  private static Map<String, Supplier<NDArray>> workloads(Engine engine, NDArray x, NDArray y) {
    Map<String, Supplier<NDArray>> workloads = new LinkedHashMap<>();
    workloads.put("triad", () -> x.multiply(2.5).add(y));
    workloads.put("polynomial", () -> polynomial(engine, x));
    workloads.put("sum", x::sum);
    workloads.put("norm-distance", () -> x.subtract(y).square().sum().sqrt());
    workloads.put("black-scholes", () -> blackScholes(quarter(x), quarter(y)));
    return workloads;
  }

  private static NDArray quarter(NDArray x) {
    return x.get(dev.kiln.Slice.of(0, ELEMENTS / 4));
  }

  private static NDArray polynomial(Engine engine, NDArray x) {
    NDArray result = engine.full(x.shape(), POLYNOMIAL[POLYNOMIAL.length - 1], x.dtype());
    for (int k = POLYNOMIAL.length - 2; k >= 0; k--) {
      result = result.multiply(x).add(POLYNOMIAL[k]);
    }
    return result;
  }

  /** A call option's price; one year, two per cent. */
  private static NDArray blackScholes(NDArray x, NDArray y) {
    NDArray spot = x.multiply(100).add(50);
    NDArray strike = y.multiply(100).add(50);
    NDArray d1 = spot.divide(strike).log().add(0.02 + 0.5 * 0.3 * 0.3).divide(0.3);
    NDArray d2 = d1.subtract(0.3);
    return spot.multiply(d1.normalCdf())
        .subtract(strike.multiply(Math.exp(-0.02)).multiply(d2.normalCdf()));
  }

  private static void measure(String name, Supplier<NDArray> workload) {
    double[] first = new double[3];
    for (int call = 0; call < first.length; call++) {
      first[call] = milliseconds(workload);
    }
    double best = Double.MAX_VALUE;
    long end = System.nanoTime() + 2_500_000_000L;
    while (System.nanoTime() < end) {
      best = Math.min(best, milliseconds(workload));
    }
    System.out.printf(
        Locale.ROOT,
        "%-32s calls 1 to 3: %6.0f %6.0f %6.0f ms, hot %5.1f ms%n",
        name,
        first[0],
        first[1],
        first[2],
        best);
  }

  private static double milliseconds(Supplier<NDArray> workload) {
    long start = System.nanoTime();
    workload.get().compute().release();
    return (System.nanoTime() - start) / 1e6;
  }
}
