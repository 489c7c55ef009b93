package dev.kiln.cli.bench.functions;

import dev.kiln.cli.bench.Clock;
import java.util.List;

/** Who computes a function, on many and on few elements. */
interface Contender {
  /** Calls until it is as fast as it gets. */
  void warm();

  /** One round, so many seconds long; a contender may stand for several. */
  List<Lap> round(double seconds);

  /** One in this JVM. */
  record InJava(String who, Runnable large, Runnable small) implements Contender {
    private static final double WINDOW = 0.03;

    @Override
    public void warm() {
      Clock.warm(small, WINDOW);
      Clock.warm(large, WINDOW);
    }

    @Override
    public List<Lap> round(double seconds) {
      double many = Clock.best(large, seconds * 3 / 4);
      return List.of(new Lap(who, many, Clock.best(small, seconds / 4)));
    }
  }
}
