package dev.kiln.cli.bench;

import java.util.Locale;

/**
 * A figure, in the form that the peers' scripts use.
 *
 * @param figure what was measured
 * @param peer by what means
 * @param value the median, in that unit
 */
public record PeerFigure(String figure, String peer, double value, String unit) {
  /** A line for people. */
  public String line() {
    return String.format(Locale.ROOT, "%-28s %-22s %12.3f %s", figure, peer, value, unit);
  }

  /** The same for programs. */
  public String json() {
    return new Json()
        .with("figure", figure)
        .with("peer", peer)
        .with("value", value)
        .with("unit", unit)
        .toString();
  }
}
