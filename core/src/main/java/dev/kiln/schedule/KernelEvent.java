package dev.kiln.schedule;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What a flight recording has of each step of a plan. */
@Name("dev.kiln.Kernel")
@Label("Kernel")
@Category("Kiln")
@Description("A step of a computation: a kernel, a routine, or several that share their rows")
@StackTrace(false)
final class KernelEvent extends Event {
  @Label("Result")
  private String result = "";

  @Label("Steps")
  private int steps;

  /** Ends the event; it is written where a recording wants it. */
  void tell(Step last, int count) {
    end();
    if (shouldCommit()) {
      result = last.target().toString();
      steps = count;
      commit();
    }
  }

  String result() {
    return result;
  }

  int steps() {
    return steps;
  }
}
