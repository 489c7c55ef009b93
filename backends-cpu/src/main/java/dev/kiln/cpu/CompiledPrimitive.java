package dev.kiln.cpu;

/**
 * A primitive and its first calls, which are short. The JIT compiler compiles what is called often,
 * and once more, to be entered in the middle, what stays long in its loops: of short calls it makes
 * the first alone as long as it keeps up, and has the next primitive to do that much sooner.
 */
final class CompiledPrimitive {
  /** Short calls; a compiler with much to do takes notice after thousands. */
  private static final int COLD_CALLS = 4000;

  private static final int COLD_ELEMENTS = 32;

  private final Primitive code;
  private final int coldElements;

  /** Counted without care: a call more or less makes no difference. */
  private int coldCalls;

  /**
   * Nothing is called yet.
   *
   * @param unit elements that a call takes a multiple of, but for the last one
   */
  CompiledPrimitive(Primitive code, int unit) {
    this.code = code;
    this.coldElements = Math.max(COLD_ELEMENTS, unit);
  }

  /** Applies it to the first n elements, see {@link Primitive#run}. */
  void run(Object a, Object b, Object c, Object to, int n) {
    int at = 0;
    while (at < n && coldCalls < COLD_CALLS) {
      coldCalls++;
      int end = Math.min(n, at + coldElements);
      code.run(a, b, c, to, at, end);
      at = end;
    }
    if (at < n) {
      code.run(a, b, c, to, at, n);
    }
  }
}
