package dev.kiln.cli;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.cli.expression.Numbers;
import dev.kiln.cli.expression.Value;
import java.nio.file.Path;

/**
 * An input as it was given.
 *
 * @param name by which the expression knows it
 * @param text a number, or the path of a file
 */
record Input(String name, String text) {
  /** As which dtype arrays are read. */
  sealed interface Reading {
    /**
     * Bool and integers as floating point that holds them, so that photographs do not wrap around.
     */
    record Floating() implements Reading {}

    /** As they are. */
    record Keep() implements Reading {}

    /** All as one dtype. */
    record As(DType dtype) implements Reading {}

    /** The dtype that an array of that dtype is read as. */
    default DType of(DType file) {
      return switch (this) {
        case Floating() ->
            file.isFloat() ? file : file.bytes() <= 2 ? DType.FLOAT32 : DType.FLOAT64;
        case Keep() -> file;
        case As(DType dtype) -> dtype;
      };
    }
  }

  /**
   * An input's value, and the line that tells of it.
   *
   * @param value an array or a number
   * @param summary for the user
   */
  record Read(Value value, String summary) {}

  /**
   * Reads it: a number stays one, a file is mapped.
   *
   * @throws dev.kiln.KilnException where the file cannot be read
   */
  Read read(Engine engine, Reading reading) {
    return Numbers.parse(text)
        .map(number -> new Read(number, name + ": " + number.describe()))
        .orElseGet(() -> file(engine, reading));
  }

  private Read file(Engine engine, Reading reading) {
    NDArray array = engine.load(Path.of(text));
    DType dtype = reading.of(array.dtype());
    String summary = name + ": " + array.dtype() + " " + array.shape();
    return dtype == array.dtype()
        ? new Read(new Value.Array(array), summary)
        : new Read(new Value.Array(array.astype(dtype)), summary + ", read as " + dtype);
  }
}
