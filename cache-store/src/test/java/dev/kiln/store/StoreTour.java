package dev.kiln.store;

import dev.kiln.Engine;
import java.nio.file.Path;
import java.time.Duration;

/** What documentation shows, as code that runs. */
final class StoreTour {
  private StoreTour() {}

  /** An engine that keeps its results. */
  static double engine(Path folder) {
    // @start region="engine"
    Store store =
        Store.builder(folder)
            .limits(Limits.NONE.withBytes(10L << 30).withAge(Duration.ofDays(90)))
            .build();
    try (Engine engine = Engine.builder().store(store).build()) {
      return engine.linspace(0, 1, 1_000_000).sin().mean().item(); // computed once, in any process
    }
    // @end
  }
}
