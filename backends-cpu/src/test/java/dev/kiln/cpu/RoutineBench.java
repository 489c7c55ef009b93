package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Steady-state times of routines through the whole engine, in milliseconds: the median of the best
 * calls of several rounds. Not a test; run it on a quiet machine, beside a peer.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp \
 *   core/target/classes:backends-cpu/target/classes:backends-cpu/target/test-classes \
 *   dev.kiln.cpu.RoutineBench THREADS [NAME…]
 * </pre>
 */
final class RoutineBench {
  private static final int ROUNDS = 5;

  private RoutineBench() {}

  public static void main(String[] arguments) {
    int threads = Integer.parseInt(arguments[0]);
    List<String> wanted = List.of(arguments).subList(1, arguments.length);
    try (Engine engine = Engine.builder().backend("cpu").threads(threads).build()) {
      for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
        workloads(engine, dtype)
            .forEach(
                (name, call) -> {
                  if (wanted.isEmpty() || wanted.stream().anyMatch(name::startsWith)) {
                    System.out.printf(
                        Locale.ROOT, "%-28s %9.3f ms%n", name + " " + dtype, median(call));
                  }
                });
      }
    }
  }

  private static Map<String, Supplier<NDArray>> workloads(Engine engine, DType dtype) {
    Map<String, Supplier<NDArray>> workloads = new LinkedHashMap<>();
    NDArray x = input(engine, dtype, 1 << 24);
    NDArray square = x.reshape(4096, 4096);
    workloads.put("copy 2^24", x::negative);
    workloads.put("cumsum 2^24", x::cumulativeSum);
    workloads.put("cumsum rows 4096^2", () -> square.cumulativeSum(1));
    workloads.put("cumsum columns 4096^2", () -> square.cumulativeSum(0));
    for (int n : new int[] {64, 256, 1024, 2048}) {
      NDArray a = x.get(Slice.of(0, n * n)).reshape(n, n).compute();
      NDArray b = x.get(Slice.of(n * n, 2 * n * n)).reshape(n, n).compute();
      workloads.put("matmul " + n, () -> a.matmul(b));
      workloads.put("matmul.T " + n, () -> a.T().matmul(b));
    }
    NDArray tall = x.get(Slice.of(0, 64 << 17)).reshape(1 << 17, 64).compute();
    NDArray few = x.get(Slice.of(0, 64 * 64)).reshape(64, 64).compute();
    workloads.put("matmul tall 131072x64x64", () -> tall.matmul(few));
    workloads.put("matmul inner 64x131072x64", () -> tall.T().matmul(tall));
    NDArray mixed = mixed(engine, dtype, 1 << 22);
    NDArray whole = mixed.astype(dtype == DType.FLOAT32 ? DType.INT32 : DType.INT64).compute();
    workloads.put("sort 2^22", mixed::sort);
    workloads.put("argsort 2^22", mixed::argsort);
    workloads.put("sort int 2^22", whole::sort);
    NDArray signal = x.get(Slice.of(0, 1 << 20)).compute();
    workloads.put("rfft 2^20", signal::rfft);
    workloads.put("rfft 1000000", () -> signal.get(Slice.of(0, 1_000_000)).rfft());
    workloads.put("rfft rows 16384x64", () -> signal.reshape(16_384, 64).rfft());
    workloads.put("rfft rows 1024x1024", () -> signal.reshape(1024, 1024).rfft());
    return workloads;
  }

  /** Numbers in no order at all. */
  private static NDArray mixed(Engine engine, DType dtype, long elements) {
    NDArray i = engine.arange(elements);
    NDArray mixed = i.multiply(0x9E3779B97F4A7C15L).bitwiseRightShift(24);
    return mixed.bitwiseXor(i.multiply(0xBF58476D1CE4E5B9L)).astype(dtype).compute();
  }

  private static NDArray input(Engine engine, DType dtype, long elements) {
    NDArray whole = engine.arange(elements).multiply(7_919).remainder(10_007);
    return whole.astype(dtype).divide(10_007.0).subtract(0.5).reshape(Shape.of(elements)).compute();
  }

  private static double median(Supplier<NDArray> call) {
    best(call, 1.5);
    double[] times = new double[ROUNDS];
    Arrays.setAll(times, round -> best(call, 0.2));
    Arrays.sort(times);
    return times[ROUNDS / 2];
  }

  private static double best(Supplier<NDArray> call, double seconds) {
    long best = Long.MAX_VALUE;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      call.get().compute().release();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best / 1e6;
  }
}
