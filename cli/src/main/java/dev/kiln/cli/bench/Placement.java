package dev.kiln.cli.bench;

import dev.kiln.DType;
import dev.kiln.cli.bench.workload.Work;

/**
 * A time beside what the machine can do.
 *
 * @param gigabytes moved in a second, each array counted once
 * @param gigaflops computed in a second
 * @param ceiling which of the machine's limits it: copy, triad, read, fma32 or fma64
 * @param part of that ceiling that is reached
 * @param intensity operations for each byte
 */
public record Placement(
    double gigabytes, double gigaflops, String ceiling, double part, double intensity) {

  /** Where a workload that took so many seconds stands. */
  static Placement of(Work work, DType dtype, double seconds, Limits limits) {
    double bytes = (work.reads() + work.writes()) * dtype.bytes();
    boolean narrow = dtype == DType.FLOAT32;
    String memory = memory(work);
    double bandwidth =
        switch (memory) {
          case "read" -> limits.read();
          case "triad" -> limits.triad();
          default -> limits.copy();
        };
    double moving = bytes / (bandwidth * 1e9);
    double computing = work.flops() / ((narrow ? limits.fma32() : limits.fma64()) * 1e9);
    boolean isComputing = computing > moving;
    return new Placement(
        bytes / seconds / 1e9,
        work.flops() / seconds / 1e9,
        isComputing ? (narrow ? "fma32" : "fma64") : memory,
        Math.max(moving, computing) / seconds,
        work.flops() / bytes);
  }

  /** The measured loop that reads and writes most alike. */
  private static String memory(Work work) {
    double reads = work.reads() / work.writes();
    return reads > 4 ? "read" : reads > 1.5 ? "triad" : "copy";
  }
}
