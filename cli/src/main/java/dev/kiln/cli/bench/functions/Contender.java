package dev.kiln.cli.bench.functions;

import dev.kiln.cli.bench.Clock;
import java.util.List;

/** Who computes a function, on many and on few elements. */
interface Contender {
  /**
   * Calls until it is as fast as it gets.
   *
   * @return whether it got there: vector code may stay uncompiled, on a busy machine above all
   */
  boolean warm();

  /** One round, so many seconds long; a contender may stand for several. */
  List<Lap> round(double seconds);

  /**
   * One in this JVM.
   *
   * @param bytes the most that a call on many elements allocates once it is compiled
   */
  record InJava(String who, Runnable large, Runnable small, long bytes) implements Contender {
    private static final double WINDOW = 0.04;

    @Override
    public boolean warm() {
      Clock.warm(small, WINDOW / 4);
      return Clock.warm(large, WINDOW, bytes);
    }

    @Override
    public List<Lap> round(double seconds) {
      double many = Clock.best(large, seconds * 3 / 4);
      return List.of(new Lap(who, many, Clock.best(small, seconds / 4)));
    }
  }
}
