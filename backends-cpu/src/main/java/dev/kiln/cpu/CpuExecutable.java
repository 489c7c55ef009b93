package dev.kiln.cpu;

import dev.kiln.cpu.heat.Heat;
import dev.kiln.kernel.Kernel;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import java.util.List;
import java.util.stream.Collectors;

/** A kernel made ready for the CPU. */
final class CpuExecutable implements Executable {
  private final Kernel kernel;
  private final Form form;
  private final Heat heat;

  private sealed interface Form {
    record Stores(StoreRun run) implements Form {}

    record Reductions(List<Reduction> each) implements Form {}
  }

  CpuExecutable(Kernel kernel, Machine machine, Heat heat) {
    this.kernel = kernel;
    this.heat = heat;
    this.form =
        kernel.reduces()
            ? new Form.Reductions(Reduction.of(kernel, machine))
            : new Form.Stores(new StoreRun(kernel, machine));
  }

  @Override
  public void launch(Launch launch) {
    heat.begin();
    try (Call call = Call.of(kernel, launch)) {
      switch (form) {
        case Form.Stores(StoreRun run) -> run.run(call);
        case Form.Reductions(List<Reduction> each) -> each.forEach(r -> r.run(call));
      }
    } finally {
      heat.end();
    }
  }

  @Override
  public String describe() {
    return switch (form) {
      case Form.Stores(StoreRun run) -> run.describe();
      case Form.Reductions(List<Reduction> each) ->
          each.stream().map(Reduction::describe).collect(Collectors.joining("\n"));
    };
  }
}
