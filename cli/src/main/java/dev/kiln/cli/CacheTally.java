package dev.kiln.cli;

import dev.kiln.store.StoreEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Counts what happens in a store, to be told in one line. Safe for many threads. */
final class CacheTally implements Consumer<StoreEvent> {
  private long found;
  private long foundBytes;
  private long kept;
  private long keptBytes;
  private long damaged;
  private String notKept = "";

  @Override
  public synchronized void accept(StoreEvent event) {
    switch (event) {
      case StoreEvent.Hit hit -> {
        found++;
        foundBytes += hit.bytes();
      }
      case StoreEvent.Stored stored -> {
        kept++;
        keptBytes += stored.bytes();
      }
      case StoreEvent.NotStored not -> notKept = not.reason();
      case StoreEvent.Quarantined _ -> damaged++;
      case StoreEvent.Miss _, StoreEvent.Evicted _ -> {
        // What was missing is kept, or is told of as not kept.
      }
    }
  }

  /** Such as {@code 63 found (1.2 GiB), 1 kept (16 MiB)}. */
  synchronized String text() {
    List<String> parts = new ArrayList<>();
    if (found > 0) {
      parts.add(found + " found (" + Sizes.text(foundBytes) + ")");
    }
    if (damaged > 0) {
      parts.add(damaged + " damaged");
    }
    if (kept > 0) {
      parts.add(kept + " kept (" + Sizes.text(keptBytes) + ")");
    }
    if (!notKept.isEmpty()) {
      parts.add("not kept: " + notKept);
    }
    return parts.isEmpty() ? "nothing to keep" : String.join(", ", parts);
  }
}
