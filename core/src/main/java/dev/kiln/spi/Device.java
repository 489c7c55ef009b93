package dev.kiln.spi;

import java.util.List;

/**
 * A device that a backend can run on, for people and for their choice.
 *
 * @param choice how it is asked for: {@code opencl:0}
 * @param name what its driver calls it
 * @param kind in a word: {@code cpu}, {@code gpu}, {@code accelerator}
 * @param memoryBytes its memory
 * @param units its compute units
 * @param float64 whether it computes in float64
 * @param driver platform and driver with their versions
 * @param remarks what a user should know of it, such as what it cannot do
 */
public record Device(
    String choice,
    String name,
    String kind,
    long memoryBytes,
    int units,
    boolean float64,
    String driver,
    List<String> remarks) {
  public Device {
    remarks = List.copyOf(remarks);
  }
}
