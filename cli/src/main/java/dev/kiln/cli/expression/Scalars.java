package dev.kiln.cli.expression;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.cli.expression.Value.Bool;
import dev.kiln.cli.expression.Value.Int;
import dev.kiln.cli.expression.Value.Plain;
import dev.kiln.cli.expression.Value.Real;

/** Plain numbers as 0-d arrays, and back. */
final class Scalars {
  private Scalars() {}

  /** A number by itself: int64, float64 or bool. */
  static NDArray alone(Engine engine, Plain value) {
    return switch (value) {
      case Int(long x) -> engine.scalar(x);
      case Real(double x) -> engine.scalar(x);
      case Bool(boolean x) -> engine.scalar(x);
    };
  }

  /** A number as float64. */
  static NDArray real(Engine engine, Plain value) {
    return engine.scalar(Numbers.real(value));
  }

  /**
   * A number beside an array, whose dtype it takes; a truth value beside numbers is 0 or 1.
   *
   * @throws dev.kiln.KilnException where the dtype does not hold it
   */
  static NDArray beside(NDArray array, Engine engine, Plain value) {
    DType dtype = array.dtype();
    return switch (value) {
      case Int(long x) -> engine.full(Shape.of(), x, dtype);
      case Real(double x) -> engine.full(Shape.of(), x, dtype);
      case Bool(boolean x) ->
          dtype == DType.BOOL ? engine.scalar(x) : engine.full(Shape.of(), x ? 1L : 0L, dtype);
    };
  }

  /** The number that a 0-d array holds, computed now. */
  static Plain plain(NDArray array) {
    DType dtype = array.dtype();
    if (dtype == DType.BOOL) {
      return new Bool(array.itemBoolean());
    }
    return dtype.isFloat() ? new Real(array.item()) : new Int(array.itemLong());
  }
}
