package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.interpret.PlainBackend;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.KernelText;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Executable;
import dev.kiln.spi.RoutineExecutable;
import java.util.Optional;

/**
 * Runs one kernel in so many on a device, and the others point by point: the contract has some 5000
 * kernels, and PoCL compiles three in a second. Which ones, their texts decide. Routines are few:
 * all are run on it.
 *
 * <p>{@code -Dkiln.opencl.oneIn=1} runs all on the device, {@code -Dkiln.opencl.part=5} others.
 */
record SomeKernels(Backend device, PlainBackend others, int oneIn, int part) implements Backend {
  private static final int ONE_IN = 24;

  static SomeKernels on(Backend device) {
    return new SomeKernels(
        device,
        new PlainBackend(),
        Integer.getInteger("kiln.opencl.oneIn", ONE_IN),
        Integer.getInteger("kiln.opencl.part", 0));
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public String describe() {
    return device.describe();
  }

  @Override
  public Executable compile(Kernel kernel) {
    boolean chosen = Math.floorMod(KernelText.of(kernel).hashCode(), oneIn) == part % oneIn;
    return (chosen ? device : others).compile(kernel);
  }

  @Override
  public Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
    return device.routine(routine, dtype);
  }

  @Override
  public void close() {
    // Who opened the device closes it.
  }
}
