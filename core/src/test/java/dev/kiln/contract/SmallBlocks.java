package dev.kiln.contract;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Executable;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.Sharing;
import dev.kiln.spi.Workers;
import java.util.Optional;

/**
 * A backend that shares out rows in the smallest of blocks, so that small graphs have many of them.
 */
public record SmallBlocks(Backend backend) implements Backend {
  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public String describe() {
    return backend.describe();
  }

  @Override
  public Executable compile(Kernel kernel) {
    return backend.compile(kernel);
  }

  @Override
  public Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
    return backend.routine(routine, dtype);
  }

  @Override
  public Optional<Sharing> sharing() {
    return backend.sharing().map(Small::new);
  }

  @Override
  public void close() {
    backend.close();
  }

  private record Small(Sharing sharing) implements Sharing {
    @Override
    public Workers workers() {
      return sharing.workers();
    }

    @Override
    public long blockBytes() {
      return 4096;
    }

    @Override
    public long fewestPoints() {
      return 1;
    }

    @Override
    public Executable compile(Kernel kernel) {
      return sharing.compile(kernel);
    }
  }
}
