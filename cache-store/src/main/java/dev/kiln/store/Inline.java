package dev.kiln.store;

import dev.kiln.spi.Workers;

/** The calling thread as the only worker, where no engine is at hand. */
enum Inline implements Workers {
  CALLER;

  @Override
  public int count() {
    return 1;
  }

  @Override
  public void forEach(long chunks, Task task) {
    for (long chunk = 0; chunk < chunks; chunk++) {
      task.run(chunk, 0);
    }
  }
}
