package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** How arrays in the engine's memory become a device's, for the time of a launch. */
interface Residence extends AutoCloseable {
  /** What a launch does with an array. */
  enum Use {
    /** It is read. */
    READ,
    /** Every byte is written. */
    WRITE,
    /** Some of it is written, and the rest stays. */
    UPDATE
  }

  /**
   * Memory as a device sees it.
   *
   * @param device the device's memory
   * @param buffer the array that it is a view of; null where only the device knows it
   * @param address of the array in the host's memory, 0 where there is none or it is not needed
   */
  record View(DeviceMemory device, @Nullable Buffer buffer, long address) {
    cl_mem memory() {
      return device.memory();
    }

    long bytes() {
      return device.bytes();
    }
  }

  /** The engine's memory, as arrays that this device computes with are made in it. */
  default Memory memory(Memory engine) {
    return engine;
  }

  /** The device's view of an array, which stays where it is until {@link #leave}. */
  View enter(Commands commands, Buffer buffer, Use use);

  /**
   * Makes what a launch writes the array's elements: returns when they are in the engine's memory,
   * or where the array is the device's, at once.
   */
  void publish(Commands commands, View view);

  /**
   * Gives up a view.
   *
   * @param commands the launch's, of which none uses it any more, or the last call is yet to end
   */
  void leave(Commands commands, View view);

  /** Memory that only the device sees. */
  View scratch(long bytes);

  /** The bytes that one launch's arrays may take together, where there is a limit. */
  default long room() {
    return Long.MAX_VALUE;
  }

  /** Gives back what is held for later. */
  void trim();

  /** Gives back everything. */
  @Override
  void close();
}
