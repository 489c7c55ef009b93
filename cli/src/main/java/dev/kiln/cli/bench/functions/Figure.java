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
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a function costs.
 *
 * @param costs by contender, {@link #KILN} first; without those that did not get hot
 */
public record Figure(
    String function,
    DType dtype,
    int count,
    int threads,
    SequencedMap<String, Cost> costs,
    Ratio ratio) {
  /** Kiln among the contenders. */
  public static final String KILN = "kiln";

  /** The JVM's vector maths among the contenders. */
  public static final String SVML = "svml";

  /** {@link Math} among the contenders. */
  public static final String MATH = "math";

  /**
   * The time of a call is a fixed part and one for each element.
   *
   * @param nanos for each element: what a call on many takes longer than one on few, over the
   *     elements that it has more
   * @param callMicros the fixed part
   */
  public record Cost(double nanos, double callMicros) {}

  /** Kiln's time for an element over that of the JVM's vector maths. */
  public sealed interface Ratio {
    /**
     * Both were as fast as they get.
     *
     * @param median over the rounds: both were timed in each, under the same conditions
     * @param spread between the quarters of the rounds below and above, in parts of the median
     */
    record Of(double median, double spread) implements Ratio {}

    /** There is none, and why; empty where the JVM has no such function. */
    record None(String why) implements Ratio {}

    /** The ratio, where there is one. */
    default OptionalDouble value() {
      return switch (this) {
        case Of of -> OptionalDouble.of(of.median());
        case None _ -> OptionalDouble.empty();
      };
    }
  }

  /**
   * From all rounds: each contender's median.
   *
   * @param cold who did not get hot, and so has no time
   */
  static Figure of(
      String function,
      DType dtype,
      int threads,
      FunctionBench.Sizes sizes,
      List<Lap> laps,
      List<String> cold) {
    SequencedMap<String, List<Cost>> byName = new LinkedHashMap<>();
    for (Lap lap : laps) {
      if (cold.contains(lap.who())) {
        continue;
      }
      byName.computeIfAbsent(lap.who(), _ -> new ArrayList<>()).add(cost(sizes, lap));
    }
    SequencedMap<String, Cost> costs = new LinkedHashMap<>();
    byName.forEach(
        (who, own) ->
            costs.put(who, new Cost(median(own, Cost::nanos), median(own, Cost::callMicros))));
    Ratio ratio = ratio(byName, costs, cold);
    return new Figure(function, dtype, sizes.large(), threads, costs, ratio);
  }

  private static Cost cost(FunctionBench.Sizes sizes, Lap lap) {
    double each = (lap.large() - lap.small()) / (sizes.large() - sizes.small());
    return new Cost(each * 1e9, (lap.small() - each * sizes.small()) * 1e6);
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> part) {
    return Clock.median(costs.stream().mapToDouble(part).sorted().toArray());
  }

  private static Ratio ratio(
      Map<String, List<Cost>> rounds, Map<String, Cost> costs, List<String> cold) {
    for (String who : List.of(KILN, SVML)) {
      if (cold.contains(who)) {
        return new Ratio.None(who + " did not become compiled vector code");
      }
    }
    List<Cost> kiln = rounds.getOrDefault(KILN, List.of());
    List<Cost> svml = rounds.getOrDefault(SVML, List.of());
    if (kiln.isEmpty() || svml.isEmpty()) {
      return new Ratio.None("");
    }
    if (isSlower(costs.get(SVML), costs.get(MATH))) {
      // Nothing is shown by being faster than that.
      return new Ratio.None("svml is slower than Math, one element at a time");
    }
    double[] ratios =
        IntStream.range(0, kiln.size())
            .mapToDouble(k -> kiln.get(k).nanos() / svml.get(k).nanos())
            .sorted()
            .toArray();
    double median = Clock.median(ratios);
    int quarter = ratios.length / 4;
    return new Ratio.Of(median, (ratios[ratios.length - 1 - quarter] - ratios[quarter]) / median);
  }

  private static boolean isSlower(@Nullable Cost one, @Nullable Cost other) {
    return one != null && other != null && one.nanos() > other.nanos();
  }

  /** One line of JSON. */
  public Json json() {
    Json json =
        new Json()
            .with("function", function)
            .with("dtype", dtype.toString())
            .with("n", count)
            .with("threads", threads);
    for (Map.Entry<String, Cost> cost : costs.entrySet()) {
      json.with(cost.getKey() + "_ns", cost.getValue().nanos());
      json.with(cost.getKey() + "_call_us", cost.getValue().callMicros());
    }
    return switch (ratio) {
      case Ratio.Of(double median, double spread) ->
          json.with("ratio", median).with("ratio_spread", spread);
      case Ratio.None(String why) -> why.isEmpty() ? json : json.with("no_ratio", why);
    };
  }
}
