package dev.kiln.opencl.routine;

import java.lang.foreign.MemorySegment;

/** An argument of a function: what a launch must bring for it. */
public sealed interface Slot {
  /** An input's memory. */
  record Input(int number) implements Slot {}

  /** The output's memory. */
  record Output() implements Slot {}

  /** An array of the plan's scratch. */
  record Scratch(int number) implements Slot {}

  /** An extent and a stride for each axis, in memory. */
  record Table(Axes axes) implements Slot {}

  /** Numbers in memory that are the same for each launch. */
  record Numbers(MemorySegment numbers) implements Slot {}

  /** A number of 64 bits. */
  record Scalar(long value) implements Slot {}
}
