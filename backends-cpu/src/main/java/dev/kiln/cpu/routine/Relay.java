package dev.kiln.cpu.routine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Values handed from each span to the next, by whichever threads have them. */
final class Relay {
  private final long[] values;

  /** How many values are there; −1 after a failure. The values before it are visible then. */
  private final AtomicInteger ready = new AtomicInteger();

  Relay(int size, long first) {
    values = new long[size];
    values[0] = first;
  }

  /** Only the first value is there. */
  void reset() {
    ready.set(1);
  }

  /** The value of that number, once it is there; whoever makes it is at work already. */
  long await(int number) {
    for (int spins = 0; ; spins++) {
      int count = ready.getAcquire();
      if (count > number) {
        return values[number];
      }
      if (count < 0) {
        return values[0]; // The failure is on its way, and nobody sees what is made of this.
      }
      if (spins < 10_000) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(1_000);
      }
    }
  }

  /** Hands on the next value; called in order, since each is made from the one before. */
  void put(int number, long value) {
    values[number] = value;
    // A failure in between stays one.
    ready.compareAndSet(number, number + 1);
  }

  /** Ends all waiting. */
  void fail() {
    ready.set(-1);
  }
}
