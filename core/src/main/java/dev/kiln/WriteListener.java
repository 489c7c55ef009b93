package dev.kiln;

/**
 * Is told how much of a file was written.
 *
 * <pre>{@code
 * Kiln.dump(model, file, (written, total) -> System.err.println(written + " of " + total));
 * }</pre>
 */
@FunctionalInterface
public interface WriteListener {
  /**
   * Called by the thread that writes, after pieces of at most 8 MiB. It should return soon; what it
   * throws stops the writing, and the file stays as it was.
   *
   * @param written bytes of elements so far, before any compression
   * @param total bytes of all elements
   */
  void update(long written, long total);
}
