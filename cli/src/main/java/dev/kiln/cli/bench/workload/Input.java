package dev.kiln.cli.bench.workload;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import java.util.random.RandomGenerator;

/** An array that goes in: its shape, and what its elements are drawn from. */
public record Input(Shape shape, Distribution distribution) {
  /** What random numbers are drawn from. */
  public sealed interface Distribution {
    /** Evenly from low to before low + width. */
    record Uniform(double low, double width) implements Distribution {}

    /** With mean 0 and variance 1. */
    record Normal() implements Distribution {}
  }

  /** Evenly from 0 to 1. */
  static Input uniform(long... extents) {
    return between(0, 1, extents);
  }

  static Input between(double low, double high, long... extents) {
    return new Input(Shape.of(extents), new Distribution.Uniform(low, high - low));
  }

  static Input normal(long... extents) {
    return new Input(Shape.of(extents), new Distribution.Normal());
  }

  /** The array in an engine's memory. */
  public NDArray draw(Engine engine, DType dtype, RandomGenerator random) {
    int count = Math.toIntExact(shape.size());
    if (dtype == DType.FLOAT32) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] =
            switch (distribution) {
              case Distribution.Uniform(double low, double width) ->
                  (float) low + (float) width * random.nextFloat();
              case Distribution.Normal() -> (float) random.nextGaussian();
            };
      }
      return engine.array(values, shape);
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (distribution) {
            case Distribution.Uniform(double low, double width) ->
                low + width * random.nextDouble();
            case Distribution.Normal() -> random.nextGaussian();
          };
    }
    return engine.array(values, shape);
  }
}
