package dev.kiln.cli.bench.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Figures as a table for people, row by row as they come.
 *
 * @param withPython whether NumPy and JAX have columns
 */
public record FigureTable(boolean withPython) {
  /** The ratio to the JVM's vector maths from which on a function is named as slow. */
  private static final double SLOW = 1.5;

  private List<String> contenders() {
    return withPython
        ? List.of(Figure.KILN, Figure.SVML, "math", "numpy", "jax")
        : List.of(Figure.KILN, Figure.SVML, "math");
  }

  /** The names of the columns; the times are ns for each element. */
  public String head() {
    StringBuilder line = new StringBuilder(String.format("%-12s%-9s", "function", "dtype"));
    contenders().forEach(name -> line.append(String.format("%8s", name)));
    return line.append(" ns   kiln/svml  kiln's call, us").toString();
  }

  /** A row. */
  public String row(Figure figure) {
    StringBuilder line =
        new StringBuilder(String.format("%-12s%-9s", figure.function(), figure.dtype()));
    for (String name : contenders()) {
      Figure.Cost cost = figure.costs().get(name);
      line.append(cost == null ? "       -" : number("%8.3f", cost.nanos()));
    }
    String ratio = figure.ratio().isPresent() ? number("%.2f", figure.ratio().getAsDouble()) : "-";
    Figure.Cost kiln = figure.costs().get(Figure.KILN);
    double call = kiln == null ? 0 : kiln.callMicros();
    return line.append(String.format("%14s", ratio))
        .append(number("%17.1f", call))
        .append(figure.hot() ? "" : "  not all compiled")
        .toString();
  }

  /** The mean of the ratios, and which are high. */
  public static String foot(List<Figure> figures) {
    List<Double> ratios = new ArrayList<>();
    figures.forEach(figure -> figure.ratio().ifPresent(ratios::add));
    if (ratios.isEmpty()) {
      return "no function here that the Vector API has";
    }
    double mean = Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow());
    List<Figure> slow = figures.stream().filter(figure -> figure.ratio().orElse(0) > SLOW).toList();
    String names =
        slow.stream()
            .map(figure -> figure.function() + " " + figure.dtype())
            .collect(Collectors.joining(", "));
    return "geometric mean of "
        + ratios.size()
        + " ratios: "
        + number("%.3f", mean)
        + "; above 1.5: "
        + slow.size()
        + (slow.isEmpty() ? "" : " (" + names + ")");
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
