package dev.kiln.jmh;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How time grows with the number of operations in one expression, which is cut into loops where it
 * is long; the CPU backend alone. The expression is Horner's rule, whose operations depend on each
 * other.
 */
public class KernelLength extends Timed {
  /** Operations, products with the input and sums with a number in turn. */
  @Param({"10", "50", "200", "2000"})
  public int operations;

  /** Elements of the input. */
  @Param("1048576")
  public int size;

  /** The input's and the result's dtype: float32 or float64. */
  @Param({"float32", "float64"})
  public String dtype = "";

  private @Nullable State state;

  private record State(Engine engine, NDArray input) {}

  /** Opens an engine, and checks the expression at one place. */
  @Setup(Level.Trial)
  public void prepare() {
    Engine engine = Engine.builder().backend("cpu").build();
    DType type = dtype.equals("float32") ? DType.FLOAT32 : DType.FLOAT64;
    state = new State(engine, engine.full(Shape.of(size), 0.5, type).compute());
    double expected = 0.5;
    for (int k = 0; k < operations / 2; k++) {
      // Exact in both dtypes but for the first products.
      expected = expected * 0.5 + 1;
    }
    double given = horner().astype(DType.FLOAT64).toDoubleArray()[size / 2];
    if (Math.abs(given - expected) > 1e-6) {
      throw new IllegalStateException("gave " + given + " instead of " + expected);
    }
  }

  /** Closes the engine. */
  @TearDown(Level.Trial)
  public void close() {
    if (state != null) {
      state.engine.close();
      state = null;
    }
  }

  /** Builds the expression and computes it. */
  @Benchmark
  public NDArray horner() {
    State prepared = state;
    if (prepared == null) {
      throw new IllegalStateException("used before prepare");
    }
    NDArray x = prepared.input;
    NDArray value = x;
    for (int k = 0; k < operations / 2; k++) {
      value = value.multiply(x).add(1);
    }
    return value.compute();
  }
}
