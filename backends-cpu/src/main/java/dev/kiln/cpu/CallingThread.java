package dev.kiln.cpu;

import dev.kiln.spi.Workers;

/** The thread that calls, as the only worker. */
record CallingThread() implements Workers {
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
