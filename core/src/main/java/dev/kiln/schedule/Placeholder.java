package dev.kiln.schedule;

import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;

/** Stands in a graph for whatever array has that place among a computation's inputs. */
final class Placeholder implements Buffer {
  private final int place;

  Placeholder(int place) {
    this.place = place;
  }

  int place() {
    return place;
  }

  @Override
  public MemorySegment segment() {
    throw noMemory();
  }

  @Override
  public long pin() {
    throw noMemory();
  }

  @Override
  public void unpin() {
    throw noMemory();
  }

  @Override
  public void release() {
    throw noMemory();
  }

  private AssertionError noMemory() {
    return new AssertionError("input " + place + " stands for an array, and is none");
  }
}
