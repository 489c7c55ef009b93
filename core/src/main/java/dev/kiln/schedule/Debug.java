package dev.kiln.schedule;

import java.io.PrintStream;

/**
 * What an engine tells while it works, on the error stream: {@code -Dkiln.debug=}1 each plan, 2 its
 * graphs and passes too, 3 its kernels, 4 what they became and how long each step took, 5 every
 * launch.
 *
 * @param level 0 to 5
 * @param out where to
 */
public record Debug(int level, PrintStream out) {
  /** The level that the system property asks for. */
  public static Debug fromProperty() {
    return new Debug(Integer.getInteger("kiln.debug", 0), System.err);
  }

  /** Whether that much is wanted. */
  public boolean at(int wanted) {
    return level >= wanted;
  }

  /** Tells something, each line marked. */
  public void print(String text) {
    text.lines().forEach(line -> out.println("[kiln] " + line));
  }
}
