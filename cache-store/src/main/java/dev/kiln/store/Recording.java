package dev.kiln.store;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A {@link StoreEvent} in a flight recording. */
@Name("dev.kiln.Store")
@Label("Kiln store")
@Category("Kiln")
@Description("What happened in a store of results")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // The recorder reads them.
final class Recording extends Event {
  @Label("What")
  private final String what;

  @Label("Key")
  private final String key;

  @Label("Detail")
  private final String detail;

  private Recording(StoreEvent event) {
    what = event.getClass().getSimpleName();
    key = event.key().hex();
    detail = event.toString();
  }

  /** Records an event where somebody records. */
  static void of(StoreEvent event) {
    // Texts are made only where there is a recorder.
    if (FlightRecorder.isInitialized()) {
      new Recording(event).commit();
    }
  }
}
