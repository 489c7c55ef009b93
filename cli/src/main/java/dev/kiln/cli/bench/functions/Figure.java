package dev.kiln.cli.bench.functions;

import dev.kiln.DType;
import dev.kiln.cli.bench.Clock;
import dev.kiln.cli.bench.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * What a function costs.
 *
 * @param hot whether everything ran compiled vector code; the JVM may fail to compile it in time,
 *     on a busy machine above all
 * @param costs by contender, {@link #KILN} first
 */
public record Figure(
    String function,
    DType dtype,
    int count,
    int threads,
    boolean hot,
    SequencedMap<String, Cost> costs) {
  /** Kiln among the contenders. */
  public static final String KILN = "kiln";

  /** The JVM's vector maths among the contenders. */
  public static final String SVML = "svml";

  /**
   * The time of a call is a fixed part and one for each element.
   *
   * @param nanos for each element: what a call on many takes longer than one on few, over the
   *     elements that it has more
   * @param callMicros the fixed part
   */
  public record Cost(double nanos, double callMicros) {}

  /** From all rounds: each contender's median. */
  static Figure of(
      String function,
      DType dtype,
      int threads,
      boolean hot,
      FunctionBench.Sizes sizes,
      List<Lap> laps) {
    SequencedMap<String, List<Lap>> byName = new LinkedHashMap<>();
    laps.forEach(lap -> byName.computeIfAbsent(lap.who(), _ -> new ArrayList<>()).add(lap));
    SequencedMap<String, Cost> costs = new LinkedHashMap<>();
    byName.forEach((who, own) -> costs.put(who, cost(sizes, own)));
    return new Figure(function, dtype, sizes.large(), threads, hot, costs);
  }

  private static Cost cost(FunctionBench.Sizes sizes, List<Lap> laps) {
    double large = Clock.median(laps.stream().mapToDouble(Lap::large).sorted().toArray());
    double small = Clock.median(laps.stream().mapToDouble(Lap::small).sorted().toArray());
    double each = (large - small) / (sizes.large() - sizes.small());
    return new Cost(each * 1e9, (small - each * sizes.small()) * 1e6);
  }

  /** Kiln's time for an element over the JVM's vector maths'; empty where the latter has none. */
  public OptionalDouble ratio() {
    Cost kiln = costs.get(KILN);
    Cost svml = costs.get(SVML);
    return kiln == null || svml == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(kiln.nanos() / svml.nanos());
  }

  /** One line of JSON. */
  public Json json() {
    Json json =
        new Json()
            .with("function", function)
            .with("dtype", dtype.toString())
            .with("n", count)
            .with("threads", threads)
            .with("hot", hot);
    for (Map.Entry<String, Cost> cost : costs.entrySet()) {
      json.with(cost.getKey() + "_ns", cost.getValue().nanos());
      json.with(cost.getKey() + "_call_us", cost.getValue().callMicros());
    }
    ratio().ifPresent(ratio -> json.with("ratio", ratio));
    return json;
  }
}
