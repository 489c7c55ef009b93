package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BinaryOperator;

/**
 * Memory for many pairs of arguments, at which functions are evaluated through a whole engine, on
 * the calling thread.
 */
final class Batch implements AutoCloseable {
  private final DType dtype;
  private final int size;
  private final Engine engine;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment x;
  private final MemorySegment y;

  /**
   * @param relaxed whether the engine uses cheaper forms of functions
   * @param dtype float32 or float64
   */
  Batch(String backend, boolean relaxed, DType dtype, int size) {
    this.dtype = dtype;
    this.size = size;
    Engine.Builder builder = Engine.builder().backend(backend).threads(1).memoryLimit(1L << 26);
    this.engine = (relaxed ? builder.relaxed() : builder).build();
    this.x = arena.allocate((long) size * dtype.bytes(), 64);
    this.y = arena.allocate((long) size * dtype.bytes(), 64);
  }

  void set(int index, double a, double b) {
    put(x, index, a);
    put(y, index, b);
  }

  private void put(MemorySegment segment, int index, double value) {
    if (dtype == DType.FLOAT32) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    } else {
      segment.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
    }
  }

  /** The bits of a float32 as the first argument. */
  void setBits(int index, int bits) {
    x.setAtIndex(ValueLayout.JAVA_INT, index, bits);
  }

  double x(int index) {
    return get(dtype, x, index);
  }

  double y(int index) {
    return get(dtype, y, index);
  }

  /** An element of memory that holds some dtype. */
  static double get(DType dtype, MemorySegment segment, int index) {
    return dtype == DType.FLOAT32
        ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, index)
        : segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
  }

  /** What the function gives, which its user releases. */
  NDArray evaluate(BinaryOperator<NDArray> function) {
    Shape shape = Shape.of(size);
    NDArray first = engine.wrap(x, dtype, shape);
    NDArray second = engine.wrap(y, dtype, shape);
    return function.apply(first, second).compute();
  }

  @Override
  public void close() {
    engine.close();
    arena.close();
  }
}
