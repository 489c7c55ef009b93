package dev.kiln.cli.bench;

import dev.kiln.Engine;
import dev.kiln.NDArray;
import java.util.List;
import java.util.function.Supplier;

/** Engines whose kernels are hot when their first call returns. */
public final class HotEngine {
  private static final String HEAT = "kiln.cpu.heat";

  /** How an executable describes itself that runs scalar code where it could run vector code. */
  private static final List<String> COLD = List.of("not yet hot", "is not compiled well");

  private HotEngine() {}

  /**
   * Whether this is computed with what vector code it has: the JIT compiler has not finished, or on
   * a busy machine was given up on, where not.
   */
  public static boolean isHot(NDArray delayed) {
    String explanation = delayed.explain();
    return COLD.stream().noneMatch(explanation::contains);
  }

  /**
   * Opens an engine that compiles each kernel's vector code before the kernel's first run.
   * Otherwise a kernel would run scalar code for a while, steadily, and a clock might take that for
   * its speed.
   *
   * @param engines makes it
   */
  public static synchronized Engine open(Supplier<Engine> engines) {
    String before = System.getProperty(HEAT);
    System.setProperty(HEAT, "sync");
    try {
      return engines.get();
    } finally {
      if (before == null) {
        System.clearProperty(HEAT);
      } else {
        System.setProperty(HEAT, before);
      }
    }
  }
}
