package dev.kiln.task;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What a flight recording has of each task. */
@Name("dev.kiln.Task")
@Label("Task")
@Category("Kiln")
@Description("A task of a parallel map or of a delayed graph")
@StackTrace(false)
final class TaskEvent extends Event {
  @Label("Call")
  private String call = "";

  @Label("Index")
  private long index;

  @Label("Worker")
  private int worker;

  @Label("Succeeded")
  private boolean succeeded;

  /** One that begins now. */
  static TaskEvent begun() {
    TaskEvent event = new TaskEvent();
    event.begin();
    return event;
  }

  /** Ends the event; it is written where a recording wants it. */
  void tell(String call, long index, int worker, boolean succeeded) {
    end();
    if (shouldCommit()) {
      this.call = call;
      this.index = index;
      this.worker = worker;
      this.succeeded = succeeded;
      commit();
    }
  }

  String call() {
    return call;
  }

  long index() {
    return index;
  }

  int worker() {
    return worker;
  }

  boolean hasSucceeded() {
    return succeeded;
  }
}
