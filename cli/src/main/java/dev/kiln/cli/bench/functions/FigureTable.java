package dev.kiln.cli.bench.functions;

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
        ? List.of(Figure.KILN, Figure.SVML, Figure.MATH, "numpy", "jax")
        : List.of(Figure.KILN, Figure.SVML, Figure.MATH);
  }

  /** The names of the columns; the times are ns for each element. */
  public String head() {
    StringBuilder line = new StringBuilder(String.format("%-12s%-9s", "function", "dtype"));
    contenders().forEach(name -> line.append(String.format("%8s", name)));
    return line.append(" ns  kiln/svml  spread  kiln's call, us").toString();
  }

  /** A row. */
  public String row(Figure figure) {
    StringBuilder line =
        new StringBuilder(String.format("%-12s%-9s", figure.function(), figure.dtype()));
    for (String name : contenders()) {
      Figure.Cost cost = figure.costs().get(name);
      line.append(cost == null ? "       -" : number("%8.3f", cost.nanos()));
    }
    Figure.Cost kiln = figure.costs().get(Figure.KILN);
    String call = kiln == null ? "-" : number("%.1f", kiln.callMicros());
    return switch (figure.ratio()) {
      case Figure.Ratio.Of(double median, double spread) ->
          line.append(number("%13.2f", median))
              .append(number("%7.0f%%", spread * 100))
              .append(String.format("%17s", call))
              .toString();
      case Figure.Ratio.None(String why) ->
          line.append(String.format("%13s%8s%17s", "-", "", call))
              .append(why.isEmpty() ? "" : "  " + why)
              .toString();
    };
  }

  /** The mean of the ratios, which are high, and which could not be had. */
  public static String foot(List<Figure> figures) {
    List<Figure> compared = figures.stream().filter(f -> f.ratio().value().isPresent()).toList();
    String none = without(figures);
    if (compared.isEmpty()) {
      return "no ratio" + (none.isEmpty() ? "; the Vector API has no such function" : none);
    }
    double mean =
        Math.exp(compared.stream().mapToDouble(f -> Math.log(ratio(f))).average().orElse(0));
    List<Figure> slow = compared.stream().filter(f -> ratio(f) > SLOW).toList();
    return "geometric mean of "
        + compared.size()
        + " ratios: "
        + number("%.3f", mean)
        + "; above 1.5: "
        + slow.size()
        + (slow.isEmpty() ? "" : " (" + names(slow) + ")")
        + none;
  }

  private static String without(List<Figure> figures) {
    List<Figure> without =
        figures.stream()
            .filter(f -> f.ratio() instanceof Figure.Ratio.None(String why) && !why.isEmpty())
            .toList();
    return without.isEmpty() ? "" : "; without a ratio: " + names(without);
  }

  private static double ratio(Figure figure) {
    return figure.ratio().value().orElseThrow();
  }

  private static String names(List<Figure> figures) {
    return figures.stream()
        .map(figure -> figure.function() + " " + figure.dtype())
        .collect(Collectors.joining(", "));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
