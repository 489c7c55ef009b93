package dev.kiln.task;

/**
 * The tasks of a graph that could begin. The one that became ready last goes first, so that what
 * has been computed is used before more is computed: depth first. A limit on live bytes holds tasks
 * back while others run; a single one always may.
 */
final class ReadyTasks {
  private final int[] stack;
  private final long limit;
  private int size;
  private int running;
  private long live;

  /** The most that one task's value has taken so far: what each of those that run may need. */
  private long largest;

  private volatile boolean startable;

  /** At most {@code tasks} at once; {@code limit} bytes, or 0 for any. */
  ReadyTasks(int tasks, long limit) {
    this.stack = new int[tasks];
    this.limit = limit;
  }

  /** A task became ready. */
  synchronized void push(int task) {
    stack[size++] = task;
    startable = mayStart();
  }

  /** The next task, which begins now, or −1. */
  synchronized int begin() {
    int task = mayStart() ? take() : -1;
    startable = mayStart();
    return task;
  }

  /**
   * A task has ended.
   *
   * @param grown the bytes of its value
   * @param freed the bytes of values that nobody needs any more
   * @param ready tasks that became ready; the first is the next to begin
   * @return the next task, which begins now, or −1
   */
  synchronized int end(long grown, long freed, int[] ready, int count) {
    running--;
    live += grown - freed;
    largest = Math.max(largest, grown);
    for (int i = count - 1; i >= 0; i--) {
      stack[size++] = ready[i];
    }
    int next = mayStart() ? take() : -1;
    startable = mayStart();
    return next;
  }

  /** A task that began will not be run now. */
  synchronized void giveBack(int task) {
    running--;
    stack[size++] = task;
    startable = mayStart();
  }

  private int take() {
    running++;
    return stack[--size];
  }

  private boolean mayStart() {
    return size > 0 && (limit == 0 || running == 0 || live + (running + 1) * largest <= limit);
  }

  /** Whether {@link #begin} would give a task. */
  boolean isStartable() {
    return startable;
  }
}
