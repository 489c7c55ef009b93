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
 */
record Input(String name, Source source) {
  /** Where its value comes from. */
  sealed interface Source {
    /** It is written out. */
    record Literal(Value.Plain value) implements Source {}

    /** It is in a file, which nobody has looked for yet. */
    record File(Path path) implements Source {}
  }

  /**
   * The input that a text gives: a number, or the path of a file.
   *
   * @throws UsageException where it is neither
   */
  static Input of(String name, String text) {
    if (text.isEmpty()) {
      throw new UsageException(
          name
              + "= has nothing after the '='; give a file or a number, such as "
              + name
              + "=x.npy");
    }
    return new Input(
        name,
        Numbers.parse(text)
            .<Source>map(Source.Literal::new)
            .orElseGet(() -> new Source.File(PathText.parse(name, text))));
  }

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
    return switch (source) {
      case Source.Literal(Value.Plain value) -> new Read(value, name + ": " + value.describe());
      case Source.File(Path path) -> file(engine, path, reading);
    };
  }

  private Read file(Engine engine, Path path, Reading reading) {
    NDArray array = engine.load(path);
    DType dtype = reading.of(array.dtype());
    String summary = name + ": " + array.dtype() + " " + array.shape();
    return dtype == array.dtype()
        ? new Read(new Value.Array(array), summary)
        : new Read(new Value.Array(array.astype(dtype)), summary + ", read as " + dtype);
  }
}
