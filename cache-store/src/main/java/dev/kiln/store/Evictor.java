package dev.kiln.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which entries go. First those that are too old; then, until a tenth of each limit is free, those
 * that are the least worth their place: idle for long, large, and quickly computed again.
 */
final class Evictor {
  /** A file takes at least a block of the disk. */
  private static final long SMALLEST = 4096;

  private static final Duration QUICKEST = Duration.ofMillis(1);

  private Evictor() {}

  /**
   * An entry and when it was last used.
   *
   * @param entry what stands beside its data
   * @param used the last time
   */
  record Used(Entry entry, Instant used) {
    /** Idle time × size / time to compute it again. */
    double burden(Instant now) {
      double idle = Math.max(1e-9, seconds(apart(used, now)));
      double size = Math.max(SMALLEST, entry.bytes());
      double cost = Math.max(seconds(QUICKEST), seconds(entry.took()));
      return idle * size / cost;
    }

    /** Of any duration, as a file's time may be centuries away. */
    private static double seconds(Duration time) {
      return time.getSeconds() + time.getNano() / 1e9;
    }
  }

  /** Those that have to go. */
  static List<Entry> choose(List<Used> all, Limits limits, Instant now) {
    List<Entry> chosen = new ArrayList<>();
    List<Used> left = new ArrayList<>();
    for (Used used : all) {
      if (isTooOld(used.entry(), limits, now)) {
        chosen.add(used.entry());
      } else {
        left.add(used);
      }
    }
    long bytes = left.stream().mapToLong(used -> used.entry().bytes()).sum();
    long entries = left.size();
    if (bytes <= limits.bytes() && entries <= limits.entries()) {
      return chosen;
    }
    long mostBytes = limits.bytes() - limits.bytes() / 10;
    long mostEntries = limits.entries() - limits.entries() / 10;
    left.sort(Comparator.comparingDouble((Used used) -> used.burden(now)).reversed());
    for (Used used : left) {
      if (bytes <= mostBytes && entries <= mostEntries) {
        break;
      }
      chosen.add(used.entry());
      bytes -= used.entry().bytes();
      entries--;
    }
    return chosen;
  }

  /** Whether an entry was made longer ago than is allowed. */
  static boolean isTooOld(Entry entry, Limits limits, Instant now) {
    return apart(entry.created(), now).compareTo(limits.age()) > 0;
  }

  /**
   * How long ago something was. As much ahead is as much ago, or what a clock that was wrong has
   * dated would be the newest for years.
   */
  private static Duration apart(Instant then, Instant now) {
    return Duration.between(then, now).abs();
  }
}
