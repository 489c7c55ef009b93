package dev.kiln.cli.bench.functions;

import dev.kiln.cli.bench.Clock;
import java.util.List;

/** Who computes a function, on many and on few elements. */
interface Contender {
  /**
   * Calls until it is as fast as it gets.
   *
   * @return who did not get there: vector code may stay uncompiled, on a busy machine above all
   */
  List<String> warm();

  /** One round, so many seconds long; a contender may stand for several. */
  List<Lap> round(double seconds);

  /** Who is hot no longer. */
  List<String> cooled();

  /**
   * One in this JVM.
   *
   * @param tiny a call on a few vectors, which allocates nothing once it is compiled
   * @param large a call on many elements
   * @param small a call on few
   * @param bytes the most that the large call allocates once it is compiled
   */
  record InJava(String who, Runnable tiny, Runnable large, Runnable small, long bytes)
      implements Contender {
    private static final double WINDOW = 0.04;
    private static final int CALLS_A_ROUND = 100;
    private static final int QUIET_ROUNDS = 3;

    /** Bytes for each call that are nobody's objects. */
    private static final long BOOKKEEPING = 8;

    /** Rounds after which waiting for the compiler is better than running beside it. */
    private static final int ROUNDS_BEFORE_RESTING = 60;

    private static final long PATIENCE_NANOS = 3_000_000_000L;

    @Override
    public List<String> warm() {
      return isHot() ? List.of() : List.of(who);
    }

    private boolean isHot() {
      if (!becomesQuiet()) {
        return false;
      }
      Clock.warm(small, WINDOW);
      return Clock.warm(large, WINDOW, bytes);
    }

    /**
     * Calls on so few elements that the compiler takes the loop for what is called often, and
     * compiles all of it. Long calls would make it replace the loop while it runs, from profiles
     * taken in the midst of it.
     */
    private boolean becomesQuiet() {
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      int quiet = 0;
      for (int round = 0; quiet < QUIET_ROUNDS; round++) {
        long allocated =
            Clock.allocated(
                () -> {
                  for (int call = 0; call < CALLS_A_ROUND; call++) {
                    tiny.run();
                  }
                });
        quiet = allocated < BOOKKEEPING * CALLS_A_ROUND ? quiet + 1 : 0;
        if (System.nanoTime() > deadline) {
          return false;
        }
        if (round > ROUNDS_BEFORE_RESTING && quiet == 0 && !rested()) {
          return false;
        }
      }
      return true;
    }

    private static boolean rested() {
      try {
        Thread.sleep(1);
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public List<Lap> round(double seconds) {
      double many = Clock.best(large, seconds * 3 / 4);
      return List.of(new Lap(who, many, Clock.best(small, seconds / 4)));
    }

    @Override
    public List<String> cooled() {
      return Clock.allocated(large) > bytes ? List.of(who) : List.of();
    }
  }

  /**
   * Copies of one loop, of which the fastest competes: the compiler does not make the same of each.
   */
  final class Fastest implements Contender {
    private static final double TRIAL = 0.02;

    private final List<InJava> copies;
    private InJava chosen;

    Fastest(List<InJava> copies) {
      this.copies = copies;
      this.chosen = copies.getFirst();
    }

    @Override
    public List<String> warm() {
      List<InJava> hot = copies.stream().filter(copy -> copy.warm().isEmpty()).toList();
      if (hot.isEmpty()) {
        return List.of(chosen.who());
      }
      double best = Double.POSITIVE_INFINITY;
      for (InJava copy : hot) {
        double time = Clock.best(copy.large(), TRIAL);
        if (time < best) {
          best = time;
          chosen = copy;
        }
      }
      return List.of();
    }

    @Override
    public List<Lap> round(double seconds) {
      return chosen.round(seconds);
    }

    @Override
    public List<String> cooled() {
      return chosen.cooled();
    }
  }
}
