package dev.kiln.opencl;

import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

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

  /** The device's view of an array. */
  cl_mem enter(cl_command_queue queue, long address, long bytes, Use use);

  /** Brings what a launch wrote back to the array, and returns when it is there. */
  void publish(cl_command_queue queue, cl_mem memory, long address, long bytes);

  /** Gives up a view; nothing uses it any more. */
  void leave(cl_mem memory, long bytes);

  /** Memory that only the device sees. */
  cl_mem scratch(long bytes);

  /** Gives back what is held for later. */
  void trim();

  /** Gives back everything. */
  @Override
  void close();
}
