package dev.kiln.examples;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.EngineScope;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What documentation shows, as code that runs. */
public final class Tour {
  private Tour() {}

  /** Runs every example. */
  public static void main(String[] args) {
    System.out.println("first: " + first());
    System.out.println("standardise: " + standardise().shape());
    System.out.println("slices: " + slices());
    System.out.println("relu: " + relu());
    System.out.println("together: " + together());
    System.out.println("wrapped: " + wrapped());
    System.out.println("engine: " + engine());
  }

  /** From Java values to a number. */
  public static double first() {
    // @start region="first"
    NDArray x = Kiln.array(new double[][] {{1, 2, 3}, {4, 5, 6}});
    NDArray b = Kiln.array(new double[] {10, 20, 30});
    double total = x.multiply(2).add(b).sum().item(); // 162.0, computed here, in one pass
    // @end
    return total;
  }

  /** Delayed composition. */
  public static NDArray standardise() {
    // @start region="delayed"
    NDArray x = Kiln.linspace(0, 1, 1_000).reshape(100, 10);
    NDArray mean = x.mean(Axes.of(0).keepDims());
    NDArray scaled = x.subtract(mean).divide(x.std(Axes.of(0).keepDims(), 0)); // delayed
    NDArray result = scaled.compute(); // everything is, fused
    // @end
    return result;
  }

  /** Indexing. */
  public static List<Shape> slices() {
    // @start region="slices"
    NDArray x = Kiln.arange(24).reshape(2, 3, 4);
    NDArray inner = x.get(Slice.all(), Slice.of(1, -1)); // x[:, 1:-1]
    NDArray backwards = x.get(Slice.ellipsis(), Slice.all().by(-1)); // x[..., ::-1]
    NDArray column = x.get(Slice.at(0), Slice.all(), Slice.at(-1)); // x[0, :, -1]
    // @end
    return List.of(inner.shape(), backwards.shape(), column.shape());
  }

  /** A choice between values. */
  public static List<Float> relu() {
    // @start region="where"
    NDArray x = Kiln.array(new float[] {-1, 0, 2});
    NDArray relu = Kiln.where(x.greater(0), x, 0);
    float[] values = relu.toFloatArray(); // 0, 0, 2
    // @end
    return List.of(values[0], values[1], values[2]);
  }

  /** Several results at once. */
  public static List<Double> together() {
    NDArray x = Kiln.linspace(-1, 1, 5);
    // @start region="together"
    NDArray waves = x.sin().multiply(x.exp()); // computed once for both
    List<NDArray> both = Kiln.computeAll(waves.max(), waves.min());
    // @end
    return both.stream().map(NDArray::item).toList();
  }

  /** Memory of one's own. */
  public static double wrapped() {
    // @start region="wrap"
    try (Arena arena = Arena.ofShared()) {
      MemorySegment segment = arena.allocate(4 * Float.BYTES, Float.BYTES);
      NDArray x = Kiln.wrap(segment, DType.FLOAT32, Shape.of(2, 2)); // not copied
      return x.add(1).sum().item(); // 4.0
    }
    // @end
  }

  /** Several values in one file. */
  public static double dumped(Path folder) {
    // @start region="dump"
    Map<String, Object> model = Map.of("weights", Kiln.linspace(0, 1, 5), "epochs", 20);
    Kiln.dump(model, folder.resolve("model.kiln"));
    Map<?, ?> loaded = Kiln.load(folder.resolve("model.kiln"), Map.class);
    NDArray weights = (NDArray) loaded.get("weights"); // mapped, not copied
    // @end
    return weights.sum().item();
  }

  /** An engine of one's own. */
  public static double engine() {
    // @start region="engine"
    try (Engine engine = Engine.builder().threads(2).memoryLimit(64L << 20).build()) {
      return engine.arange(1, 101).sum().item(); // 5050.0
    }
    // @end
  }

  /** An engine for a while. */
  public static double using(Engine engine) {
    // @start region="using"
    try (EngineScope _ = Kiln.using(engine)) {
      return Kiln.arange(1, 101).sum().item(); // computed by that engine
    }
    // @end
  }
}
