package dev.kiln;

import dev.kiln.graph.Build;
import dev.kiln.graph.BuildViews;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.io.NpyArray;
import dev.kiln.kernel.Bits;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How an engine makes arrays. Java arrays are copied; everything that follows a formula ({@code
 * zeros}, {@code arange}, {@code eye}, …) is delayed and costs no memory.
 */
abstract sealed class Creation permits Engine {
  Creation() {}

  private Engine engine() {
    return (Engine) this;
  }

  private NDArray delayed(Node node) {
    return new NDArray(engine(), node);
  }

  /** A 1-d float32 array with a copy of the values. */
  public NDArray array(float[] values) {
    return array((Object) values);
  }

  /** A 1-d float64 array with a copy of the values. */
  public NDArray array(double[] values) {
    return array((Object) values);
  }

  /** A 1-d int32 array with a copy of the values. */
  public NDArray array(int[] values) {
    return array((Object) values);
  }

  /** A 1-d int64 array with a copy of the values. */
  public NDArray array(long[] values) {
    return array((Object) values);
  }

  /** A 1-d int16 array with a copy of the values. */
  public NDArray array(short[] values) {
    return array((Object) values);
  }

  /** A 1-d int8 array with a copy of the values. */
  public NDArray array(byte[] values) {
    return array((Object) values);
  }

  /** A 1-d bool array with a copy of the values. */
  public NDArray array(boolean[] values) {
    return array((Object) values);
  }

  /**
   * A float32 array of that shape with a copy of the values, given in row-major order.
   *
   * @throws KilnException where their number is not the shape's
   */
  public NDArray array(float[] values, Shape shape) {
    return copied(values, shape);
  }

  /**
   * A float64 array of that shape with a copy of the values, given in row-major order.
   *
   * @throws KilnException where their number is not the shape's
   */
  public NDArray array(double[] values, Shape shape) {
    return copied(values, shape);
  }

  /**
   * An int32 array of that shape with a copy of the values, given in row-major order.
   *
   * @throws KilnException where their number is not the shape's
   */
  public NDArray array(int[] values, Shape shape) {
    return copied(values, shape);
  }

  /**
   * An int64 array of that shape with a copy of the values, given in row-major order.
   *
   * @throws KilnException where their number is not the shape's
   */
  public NDArray array(long[] values, Shape shape) {
    return copied(values, shape);
  }

  /**
   * An int16 array of that shape with a copy of the values, given in row-major order.
   *
   * @throws KilnException where their number is not the shape's
   */
  public NDArray array(short[] values, Shape shape) {
    return copied(values, shape);
  }

  /**
   * An int8 array of that shape with a copy of the values, given in row-major order.
   *
   * @throws KilnException where their number is not the shape's
   */
  public NDArray array(byte[] values, Shape shape) {
    return copied(values, shape);
  }

  /**
   * A bool array of that shape with a copy of the values, given in row-major order.
   *
   * @throws KilnException where their number is not the shape's
   */
  public NDArray array(boolean[] values, Shape shape) {
    return copied(values, shape);
  }

  /**
   * An array with a copy of the elements of nested Java arrays such as {@code double[][]}; the
   * dtype is that of the innermost ones.
   *
   * @throws KilnException where it is no array of numbers or booleans, or inner arrays of one level
   *     differ in length; the message names the place
   */
  public NDArray array(Object nested) {
    return copied(NestedArray.of(nested));
  }

  private NDArray copied(Object values, Shape shape) {
    NestedArray elements = NestedArray.of(values);
    if (elements.shape().size() != shape.size()) {
      throw new KilnException(
          elements.shape().size()
              + " values were given for shape "
              + shape
              + ", which has "
              + shape.size()
              + " elements; the numbers must be equal");
    }
    return copied(new NestedArray(elements.rows(), elements.dtype(), shape));
  }

  private NDArray copied(NestedArray elements) {
    Buffer buffer = engine().allocate(bytes(elements.dtype(), elements.shape()));
    Readout.pinned(buffer, elements::copyTo);
    return NDArray.realised(engine(), buffer, elements.dtype(), elements.shape());
  }

  /**
   * The array that a file holds, on the file's memory; one in Fortran order becomes a transposed
   * view.
   */
  NDArray loaded(NpyArray file) {
    if (!file.fortranOrder()) {
      return wrapped(file, file.shape());
    }
    int rank = file.shape().rank();
    int[] reversed = IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
    long[] extents = IntStream.of(reversed).mapToLong(file.shape()::extent).toArray();
    return wrapped(file, Shape.of(extents)).permuteDims(reversed);
  }

  private NDArray wrapped(NpyArray file, Shape shape) {
    long bytes = bytes(file.dtype(), shape);
    WrappedBuffer buffer = WrappedBuffer.of(file.data(), bytes, file.origin());
    return NDArray.realised(engine(), buffer, file.dtype(), shape);
  }

  /** A 0-d float32 array. */
  public NDArray scalar(float value) {
    return delayed(Build.scalar(DType.FLOAT32, Bits.of(value)));
  }

  /** A 0-d float64 array. */
  public NDArray scalar(double value) {
    return delayed(Build.scalar(DType.FLOAT64, Bits.of(value)));
  }

  /** A 0-d int32 array. */
  public NDArray scalar(int value) {
    return delayed(Build.scalar(DType.INT32, value));
  }

  /** A 0-d int64 array. */
  public NDArray scalar(long value) {
    return delayed(Build.scalar(DType.INT64, value));
  }

  /** A 0-d int16 array. */
  public NDArray scalar(short value) {
    return delayed(Build.scalar(DType.INT16, value));
  }

  /** A 0-d int8 array. */
  public NDArray scalar(byte value) {
    return delayed(Build.scalar(DType.INT8, value));
  }

  /** A 0-d bool array. */
  public NDArray scalar(boolean value) {
    return delayed(Build.scalar(DType.BOOL, value ? 1 : 0));
  }

  /**
   * An array over the first bytes of off-heap memory, without copying: dense, row-major, in native
   * byte order, read-only or not, aligned or not. Bool elements are bytes 0 and 1.
   *
   * <p>The caller keeps the segment's arena open and its contents unchanged as long as the array,
   * or anything delayed that was made from it, may still be computed; a closed arena is an error
   * then.
   *
   * @throws KilnException where the segment is on the heap, confined to one thread, closed, or too
   *     short
   */
  public NDArray wrap(MemorySegment segment, DType dtype, Shape shape) {
    WrappedBuffer buffer = WrappedBuffer.of(segment, bytes(dtype, shape), Optional.empty());
    return NDArray.realised(engine(), buffer, dtype, shape);
  }

  /** Zeros as float64. */
  public NDArray zeros(Shape shape) {
    return zeros(shape, DType.FLOAT64);
  }

  /** Zeros; for bool, false. */
  public NDArray zeros(Shape shape, DType dtype) {
    return repeated(Build.scalar(dtype, 0), shape);
  }

  /** Ones as float64. */
  public NDArray ones(Shape shape) {
    return ones(shape, DType.FLOAT64);
  }

  /** Ones; for bool, true. */
  public NDArray ones(Shape shape, DType dtype) {
    Node one = dtype == DType.BOOL ? Build.scalar(dtype, 1) : Build.number(dtype, 1);
    return repeated(one, shape);
  }

  /** One value everywhere, as float64. */
  public NDArray full(Shape shape, double value) {
    return full(shape, value, DType.FLOAT64);
  }

  /** One value everywhere, as int64. */
  public NDArray full(Shape shape, long value) {
    return full(shape, value, DType.INT64);
  }

  /** One value everywhere, as bool. */
  public NDArray full(Shape shape, boolean value) {
    return repeated(Build.scalar(DType.BOOL, value ? 1 : 0), shape);
  }

  /**
   * One value everywhere, rounded to a floating-point dtype.
   *
   * @throws KilnException for another dtype
   */
  public NDArray full(Shape shape, double value, DType dtype) {
    return repeated(Build.number(dtype, value), shape);
  }

  /**
   * One value everywhere, rounded in floating point.
   *
   * @throws KilnException where the dtype is bool or does not hold the value
   */
  public NDArray full(Shape shape, long value, DType dtype) {
    return repeated(Build.number(dtype, value), shape);
  }

  private NDArray repeated(Node scalar, Shape shape) {
    return delayed(BuildViews.broadcastTo(scalar, shape));
  }

  /** The whole numbers 0, 1, … below {@code stop}, as int64. */
  public NDArray arange(long stop) {
    return arange(0, stop, 1);
  }

  /** The whole numbers from {@code start} to below {@code stop}, as int64. */
  public NDArray arange(long start, long stop) {
    return arange(start, stop, 1);
  }

  /**
   * The whole numbers start, start + step, … before {@code stop}, as int64.
   *
   * @throws KilnException for step 0
   */
  public NDArray arange(long start, long stop, long step) {
    return arange(start, stop, step, DType.INT64);
  }

  /**
   * The whole numbers start, start + step, … before {@code stop}, computed in int64 and then
   * converted.
   *
   * @throws KilnException for step 0, for bool, or where an integer dtype does not hold the first
   *     or last number
   */
  public NDArray arange(long start, long stop, long step, DType dtype) {
    requireStep(step != 0);
    long count = count(start, stop, step);
    if (count > 0) {
      // Both ends fit, hence all do.
      Build.number(dtype, start);
      Build.number(dtype, start + (count - 1) * step);
    }
    Node i = Build.iota(Shape.of(count));
    Node scaled = Build.map(ElementOp.MULTIPLY, i, Build.number(DType.INT64, step));
    Node moved = Build.map(ElementOp.ADD, scaled, Build.number(DType.INT64, start));
    return delayed(Build.cast(moved, dtype));
  }

  /** The numbers start, start + step, … before {@code stop}, as float64. */
  public NDArray arange(double start, double stop, double step) {
    return arange(start, stop, step, DType.FLOAT64);
  }

  /**
   * The numbers start, start + step, … before {@code stop}: number i is {@code start + i * step} in
   * float64, converted. There are ceil((stop − start) / step) of them, computed in float64 too, so
   * that rounding may add one at the end; {@link #linspace} has no such doubt.
   *
   * @throws KilnException for step 0, numbers that are not finite, or a dtype that is not
   *     floating-point
   */
  public NDArray arange(double start, double stop, double step, DType dtype) {
    requireStep(step != 0);
    requireFinite("arange", start, stop, step, stop - start);
    requireFloat("arange", dtype);
    double count = Math.max(0, Math.ceil((stop - start) / step));
    requireCount(count < 0x1p63, count);
    return delayed(Build.cast(line(start, step, (long) count), dtype));
  }

  /**
   * {@code count} numbers at equal distances from {@code start} to {@code stop}, which is the last;
   * float64.
   */
  public NDArray linspace(double start, double stop, long count) {
    return linspace(start, stop, count, true, DType.FLOAT64);
  }

  /**
   * {@code count} numbers at equal distances: number i is {@code start + i * step} in float64,
   * converted, where the step is (stop − start) / (count − 1) and the last number exactly {@code
   * stop}; without the end point the step is (stop − start) / count.
   *
   * @throws KilnException for a negative count, numbers that are not finite or too far apart for
   *     float64, or a dtype that is not floating-point
   */
  public NDArray linspace(double start, double stop, long count, boolean endpoint, DType dtype) {
    requireFinite("linspace", start, stop, stop - start);
    requireFloat("linspace", dtype);
    Shape shape = Shape.of(count);
    long steps = Math.max(1, endpoint ? count - 1 : count);
    Node line = line(start, (stop - start) / steps, count);
    if (endpoint && count > 1) {
      Node last =
          Build.map(ElementOp.EQUAL, Build.iota(shape), Build.number(DType.INT64, count - 1));
      line = Build.where(last, Build.number(DType.FLOAT64, stop), line);
    }
    return delayed(Build.cast(line, dtype));
  }

  private static Node line(double start, double step, long count) {
    Node i = Build.cast(Build.iota(Shape.of(count)), DType.FLOAT64);
    Node scaled = Build.map(ElementOp.MULTIPLY, i, Build.number(DType.FLOAT64, step));
    return Build.map(ElementOp.ADD, scaled, Build.number(DType.FLOAT64, start));
  }

  /** The identity matrix of that many rows, as float64. */
  public NDArray eye(long rows) {
    return eye(rows, rows, 0, DType.FLOAT64);
  }

  /** Ones on the k-th diagonal (0 the main one, positive above it) and zeros elsewhere. */
  public NDArray eye(long rows, long columns, long k, DType dtype) {
    Node row = BuildViews.expandDims(Build.iota(Shape.of(rows)), 1);
    Node diagonal = Build.map(ElementOp.ADD, row, Build.number(DType.INT64, k));
    Node column = Build.iota(Shape.of(columns));
    return delayed(Build.cast(Build.map(ElementOp.EQUAL, diagonal, column), dtype));
  }

  /** ceil((stop - start) / step), or 0 where the step leads away. */
  private static long count(long start, long stop, long step) {
    BigInteger distance = BigInteger.valueOf(stop).subtract(BigInteger.valueOf(start));
    BigInteger[] steps = distance.divideAndRemainder(BigInteger.valueOf(step));
    if (distance.signum() * Long.signum(step) <= 0) {
      return 0;
    }
    BigInteger count = steps[1].signum() == 0 ? steps[0] : steps[0].add(BigInteger.ONE);
    requireCount(count.bitLength() < 64, count);
    return count.longValueExact();
  }

  private static void requireCount(boolean holds, Number count) {
    if (!holds) {
      throw new KilnException("arange of " + count + " numbers is too long; use a larger step");
    }
  }

  private static void requireStep(boolean holds) {
    if (!holds) {
      throw new KilnException("arange with step 0 never ends; give a positive or negative step");
    }
  }

  private static void requireFinite(String what, double... numbers) {
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw new KilnException(
            what + " takes finite numbers at a finite distance, given " + number);
      }
    }
  }

  private static void requireFloat(String what, DType dtype) {
    if (!dtype.isFloat()) {
      throw new KilnException(
          what
              + " of floating-point numbers gives float32 or float64, not "
              + dtype
              + "; use arange with whole numbers, or astype");
    }
  }

  /** The size of a dense array. */
  private static long bytes(DType dtype, Shape shape) {
    try {
      return Math.multiplyExact(shape.size(), dtype.bytes());
    } catch (ArithmeticException e) {
      throw new KilnException(
          "an array of "
              + dtype
              + " "
              + shape
              + " has more than 2^63 - 1 bytes; use a smaller shape",
          e);
    }
  }
}
