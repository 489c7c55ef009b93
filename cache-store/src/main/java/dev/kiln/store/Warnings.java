package dev.kiln.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells in the log what went wrong, loudly the first time of each kind and then quietly. */
final class Warnings {
  private static final System.Logger LOG = System.getLogger("dev.kiln.store");

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** Nothing told yet. */
  Warnings() {}

  /**
   * Tells something.
   *
   * @param kind what is told loudly only once
   */
  void tell(String kind, String message) {
    boolean first = told.add(kind);
    LOG.log(
        first ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
        first ? message + " (further ones like this at level DEBUG)" : message);
  }

  /** Tells what goes on as usual. */
  void trace(Object message) {
    LOG.log(System.Logger.Level.TRACE, message);
  }
}
