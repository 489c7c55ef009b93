package dev.kiln.cli.bench.report;

import dev.kiln.KilnException;
import dev.kiln.cli.bench.Limits;
import dev.kiln.cli.bench.Result;
import dev.kiln.cli.bench.ResultTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/** Results as a page: its pictures as PNG and SVG, its figures as JSON too. */
public final class Report {
  /** The page's name in the report's folder. */
  public static final String PAGE = "index.html";

  private static final String FIGURES = "results.jsonl";

  private Report() {}

  /**
   * Writes the page and its files into a folder, which is made if it is not there.
   *
   * @throws KilnException where something cannot be written
   */
  public static void write(Path folder, Limits limits, List<Result> results) {
    Map<String, Chart<?, ?>> charts = new LinkedHashMap<>();
    charts.put("roofline", Charts.roofline(limits, results));
    charts.put("ceilings", Charts.ceilings(results));
    charts.put("times", Charts.times(results));
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, Chart<?, ?>> chart : charts.entrySet()) {
        Files.write(
            folder.resolve(chart.getKey() + ".png"),
            ChartEncoder.getBytes(chart.getValue(), "png"));
        Svg.write(chart.getValue(), folder.resolve(chart.getKey() + ".svg"));
      }
      Files.writeString(folder.resolve(FIGURES), figures(limits, results));
      Files.writeString(folder.resolve(PAGE), page(limits, results, List.copyOf(charts.keySet())));
    } catch (IOException e) {
      throw new KilnException("cannot write the report to " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String figures(Limits limits, List<Result> results) {
    StringBuilder lines = new StringBuilder();
    limits.ceilings().forEach(c -> lines.append(c.json(limits.threads())).append('\n'));
    results.forEach(result -> lines.append(result.row().json()).append('\n'));
    return lines.toString();
  }

  private static String page(Limits limits, List<Result> results, List<String> pictures) {
    String ceilings =
        limits.ceilings().stream()
            .map(c -> String.format(Locale.ROOT, "%s %.1f %s", c.name(), c.value(), c.unit()))
            .collect(Collectors.joining(", "));
    String table = results.stream().map(ResultTable::row).collect(Collectors.joining("\n"));
    String images =
        pictures.stream()
            .map("<p><a href=\"%1$s.svg\"><img src=\"%1$s.png\" alt=\"%1$s\"></a></p>"::formatted)
            .collect(Collectors.joining("\n"));
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Kiln on this machine</title>
    <style>body { font-family: sans-serif; margin: 2em; } img { max-width: 100%%; }</style>
    </head>
    <body>
    <h1>Kiln on this machine</h1>
    <p>Java %s, %s, %d threads. The machine by itself: %s.</p>
    <pre>
    %s
    %s
    </pre>
    %s
    <p>The figures as <a href="%s">JSON</a>, one object a line.</p>
    </body>
    </html>
    """
        .formatted(
            escaped(Runtime.version().toString()),
            escaped(System.getProperty("os.arch")),
            limits.threads(),
            ceilings,
            ResultTable.head(),
            escaped(table),
            images,
            FIGURES);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
