package dev.kiln.cli.bench.report;

import dev.kiln.DType;
import dev.kiln.cli.bench.Limits;
import dev.kiln.cli.bench.Placement;
import dev.kiln.cli.bench.Result;
import dev.kiln.cli.bench.Row;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The pictures of a report. */
final class Charts {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 620;

  /** Operations for each byte, from the roof's left end to its right. */
  private static final double LEAST = 0.03;

  private static final double MOST = 100;

  private Charts() {}

  /** What each result reaches, below the roof that memory and arithmetic make. */
  static XYChart roofline(Limits limits, List<Result> results) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Roofline, " + limits.threads() + " threads")
            .xAxisTitle("floating-point operations for each byte moved")
            .yAxisTitle("GFLOP/s")
            .build();
    chart
        .getStyler()
        .setXAxisLogarithmic(true)
        .setYAxisLogarithmic(true)
        .setLegendPosition(Styler.LegendPosition.OutsideE);
    roof(chart, "roof float32", limits.triad(), limits.fma32());
    roof(chart, "roof float64", limits.triad(), limits.fma64());
    for (Result result : results) {
      result
          .placement()
          // A logarithmic axis has no place for work without arithmetic, such as a sort.
          .filter(place -> place.gigaflops() > 0)
          .ifPresent(
              place -> {
                XYSeries point =
                    chart.addSeries(
                        result.label(),
                        new double[] {place.intensity()},
                        new double[] {place.gigaflops()});
                boolean narrow = result.row().dtype() == DType.FLOAT32;
                point.setMarker(narrow ? SeriesMarkers.CIRCLE : SeriesMarkers.SQUARE);
                point.setLineStyle(new BasicStroke(0));
              });
    }
    return chart;
  }

  private static void roof(XYChart chart, String name, double bandwidth, double peak) {
    double corner = peak / bandwidth;
    XYSeries line =
        chart.addSeries(
            name, new double[] {LEAST, corner, MOST}, new double[] {LEAST * bandwidth, peak, peak});
    line.setMarker(SeriesMarkers.NONE);
  }

  /** The part of its ceiling that each result reaches. */
  static CategoryChart ceilings(List<Result> results) {
    return bars(
        "Part of the machine's own ceiling, %",
        results, result -> result.placement().map(Placement::part).orElse(0.0) * 100);
  }

  /** The median time of each result. */
  static CategoryChart times(List<Result> results) {
    return bars(
        "Median time, ms",
        results,
        result ->
            switch (result.row().outcome()) {
              case Row.Outcome.Right right -> right.median() * 1e3;
              case Row.Outcome.Wrong _ -> 0;
            });
  }

  /** A bar for each workload and dtype; a wrong answer has none. */
  private static CategoryChart bars(
      String title, List<Result> results, ToDoubleFunction<Result> value) {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    chart.getStyler().setXAxisLabelRotation(45).setLegendPosition(Styler.LegendPosition.InsideNW);
    List<String> names =
        results.stream().map(result -> result.row().workload()).distinct().toList();
    for (DType dtype : results.stream().map(result -> result.row().dtype()).distinct().toList()) {
      List<Double> values = new ArrayList<>();
      for (String name : names) {
        values.add(
            results.stream()
                .filter(result -> result.row().dtype() == dtype)
                .filter(result -> result.row().workload().equals(name))
                .mapToDouble(value)
                .findFirst()
                .orElse(0));
      }
      chart.addSeries(dtype.toString(), names, values);
    }
    return chart;
  }
}
