package dev.kiln;

import dev.kiln.graph.Build;
import dev.kiln.graph.BuildViews;
import dev.kiln.graph.Node;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * Where to begin: static methods that make arrays on the default engine, and functions of several
 * arrays.
 *
 * {@snippet file="dev/kiln/examples/Tour.java" region="first"}
 *
 * <p>What makes an array here is the method of the same name of {@link Engine}, where its errors
 * are described too.
 */
public final class Kiln {
  private Kiln() {}

  /**
   * The engine that the methods of this class use: that of the innermost {@link #using} of this
   * thread, or else the default engine, which is opened when it is first needed and stays open as
   * long as the program runs.
   */
  public static Engine engine() {
    Engine scoped = EngineScope.inUse();
    return scoped == null ? DefaultEngine.ENGINE : scoped;
  }

  /**
   * Makes an engine the one that this class uses, in this thread, until the scope is closed. Scopes
   * nest, and the one around is restored. Tasks see the engine that runs them.
   *
   * {@snippet file="dev/kiln/examples/Tour.java" region="using"}
   *
   * @throws KilnException from closing it in another thread, or before one that was opened later
   */
  public static EngineScope using(Engine engine) {
    return EngineScope.open(engine);
  }

  /** Holds the default engine, so that it opens when it is first needed. */
  private static final class DefaultEngine {
    static final Engine ENGINE = Engine.builder().build();
  }

  /** A 1-d float32 array with a copy of the values. */
  public static NDArray array(float[] values) {
    return engine().array(values);
  }

  /** A 1-d float64 array with a copy of the values. */
  public static NDArray array(double[] values) {
    return engine().array(values);
  }

  /** A 1-d int32 array with a copy of the values. */
  public static NDArray array(int[] values) {
    return engine().array(values);
  }

  /** A 1-d int64 array with a copy of the values. */
  public static NDArray array(long[] values) {
    return engine().array(values);
  }

  /** A 1-d int16 array with a copy of the values. */
  public static NDArray array(short[] values) {
    return engine().array(values);
  }

  /** A 1-d int8 array with a copy of the values. */
  public static NDArray array(byte[] values) {
    return engine().array(values);
  }

  /** A 1-d bool array with a copy of the values. */
  public static NDArray array(boolean[] values) {
    return engine().array(values);
  }

  /** A float32 array of that shape with a copy of the values, given in row-major order. * */
  public static NDArray array(float[] values, Shape shape) {
    return engine().array(values, shape);
  }

  /** A float64 array of that shape with a copy of the values, given in row-major order. * */
  public static NDArray array(double[] values, Shape shape) {
    return engine().array(values, shape);
  }

  /** An int32 array of that shape with a copy of the values, given in row-major order. * */
  public static NDArray array(int[] values, Shape shape) {
    return engine().array(values, shape);
  }

  /** An int64 array of that shape with a copy of the values, given in row-major order. * */
  public static NDArray array(long[] values, Shape shape) {
    return engine().array(values, shape);
  }

  /** An int16 array of that shape with a copy of the values, given in row-major order. * */
  public static NDArray array(short[] values, Shape shape) {
    return engine().array(values, shape);
  }

  /** An int8 array of that shape with a copy of the values, given in row-major order. * */
  public static NDArray array(byte[] values, Shape shape) {
    return engine().array(values, shape);
  }

  /** A bool array of that shape with a copy of the values, given in row-major order. * */
  public static NDArray array(boolean[] values, Shape shape) {
    return engine().array(values, shape);
  }

  /**
   * An array with a copy of the elements of nested Java arrays such as {@code double[][]}; the
   * dtype is that of the innermost ones. *
   */
  public static NDArray array(Object nested) {
    return engine().array(nested);
  }

  /** A 0-d float32 array. */
  public static NDArray scalar(float value) {
    return engine().scalar(value);
  }

  /** A 0-d float64 array. */
  public static NDArray scalar(double value) {
    return engine().scalar(value);
  }

  /** A 0-d int32 array. */
  public static NDArray scalar(int value) {
    return engine().scalar(value);
  }

  /** A 0-d int64 array. */
  public static NDArray scalar(long value) {
    return engine().scalar(value);
  }

  /** A 0-d int16 array. */
  public static NDArray scalar(short value) {
    return engine().scalar(value);
  }

  /** A 0-d int8 array. */
  public static NDArray scalar(byte value) {
    return engine().scalar(value);
  }

  /** A 0-d bool array. */
  public static NDArray scalar(boolean value) {
    return engine().scalar(value);
  }

  /**
   * An array over the first bytes of off-heap memory, without copying: dense, row-major, in native
   * byte order, read-only or not, aligned or not. Bool elements are bytes 0 and 1. *
   */
  public static NDArray wrap(MemorySegment segment, DType dtype, Shape shape) {
    return engine().wrap(segment, dtype, shape);
  }

  /** Zeros as float64. */
  public static NDArray zeros(Shape shape) {
    return engine().zeros(shape);
  }

  /** Zeros; for bool, false. */
  public static NDArray zeros(Shape shape, DType dtype) {
    return engine().zeros(shape, dtype);
  }

  /** Ones as float64. */
  public static NDArray ones(Shape shape) {
    return engine().ones(shape);
  }

  /** Ones; for bool, true. */
  public static NDArray ones(Shape shape, DType dtype) {
    return engine().ones(shape, dtype);
  }

  /** One value everywhere, as float64. */
  public static NDArray full(Shape shape, double value) {
    return engine().full(shape, value);
  }

  /** One value everywhere, as int64. */
  public static NDArray full(Shape shape, long value) {
    return engine().full(shape, value);
  }

  /** One value everywhere, as bool. */
  public static NDArray full(Shape shape, boolean value) {
    return engine().full(shape, value);
  }

  /** One value everywhere, rounded to a floating-point dtype. * */
  public static NDArray full(Shape shape, double value, DType dtype) {
    return engine().full(shape, value, dtype);
  }

  /** One value everywhere, rounded in floating point. * */
  public static NDArray full(Shape shape, long value, DType dtype) {
    return engine().full(shape, value, dtype);
  }

  /** The whole numbers 0, 1, … below {@code stop}, as int64. */
  public static NDArray arange(long stop) {
    return engine().arange(stop);
  }

  /** The whole numbers from {@code start} to below {@code stop}, as int64. */
  public static NDArray arange(long start, long stop) {
    return engine().arange(start, stop);
  }

  /** The whole numbers start, start + step, … before {@code stop}, as int64. * */
  public static NDArray arange(long start, long stop, long step) {
    return engine().arange(start, stop, step);
  }

  /**
   * The whole numbers start, start + step, … before {@code stop}, computed in int64 and then
   * converted. *
   */
  public static NDArray arange(long start, long stop, long step, DType dtype) {
    return engine().arange(start, stop, step, dtype);
  }

  /** The numbers start, start + step, … before {@code stop}, as float64. */
  public static NDArray arange(double start, double stop, double step) {
    return engine().arange(start, stop, step);
  }

  /**
   * The numbers start, start + step, … before {@code stop}: number i is {@code start + i * step} in
   * float64, converted. There are ceil((stop − start) / step) of them, computed in float64 too, so
   * that rounding may add one at the end; {@link #linspace} has no such doubt. *
   */
  public static NDArray arange(double start, double stop, double step, DType dtype) {
    return engine().arange(start, stop, step, dtype);
  }

  /**
   * {@code count} numbers at equal distances from {@code start} to {@code stop}, which is the last;
   * float64.
   */
  public static NDArray linspace(double start, double stop, long count) {
    return engine().linspace(start, stop, count);
  }

  /**
   * {@code count} numbers at equal distances: number i is {@code start + i * step} in float64,
   * converted, where the step is (stop − start) / (count − 1) and the last number exactly {@code
   * stop}; without the end point the step is (stop − start) / count. *
   */
  public static NDArray linspace(
      double start, double stop, long count, boolean endpoint, DType dtype) {
    return engine().linspace(start, stop, count, endpoint, dtype);
  }

  /** The identity matrix of that many rows, as float64. */
  public static NDArray eye(long rows) {
    return engine().eye(rows);
  }

  /** Ones on the k-th diagonal (0 the main one, positive above it) and zeros elsewhere. */
  public static NDArray eye(long rows, long columns, long k, DType dtype) {
    return engine().eye(rows, columns, k, dtype);
  }

  /** An array of a {@code .npy} file, mapped where possible; see {@link Engine#load}. */
  public static NDArray load(Path file) {
    return engine().load(file);
  }

  /** Computes an array and writes it as {@code .npy}; the file appears whole or not at all. */
  public static void save(Path file, NDArray array) {
    array.engine().save(file, array);
  }

  /**
   * Writes a value; the file appears whole or not at all. What {@link #load(Path, Class)} reads
   * back: an array in a file whose name ends in {@code .npy}, a map from names to arrays in {@code
   * .npz}, and under any other name arrays, primitives, strings, enums, records, lists, sets, maps,
   * optionals, Java arrays of primitives, and mixtures of these. Delayed arrays are computed one
   * after another as they are written.
   *
   * {@snippet file="dev/kiln/examples/Tour.java" region="dump"}
   *
   * @throws KilnException where the value has a part of another kind, or the file cannot be written
   */
  public static void dump(Object value, Path file) {
    dump(value, file, (written, total) -> {});
  }

  /** As {@link #dump(Object, Path)}, and tells how much was written. */
  public static void dump(Object value, Path file, WriteListener listener) {
    Dump.write(value, file, false, listener);
  }

  /**
   * Writes a value as {@link #dump(Object, Path)} does, its arrays compressed: in {@code .npz} as
   * NumPy does it, in other files in blocks by the threads of {@link #engine()}, losing nothing.
   * That takes kiln-cache-store on the class path, to write and to read. Arrays of less than 4096
   * bytes and Java arrays stay as they are. What is compressed is read as a whole, not mapped.
   *
   * <pre>{@code
   * Kiln.dumpCompressed(model, folder.resolve("model.kiln"));
   * Model same = Kiln.load(folder.resolve("model.kiln"), Model.class);
   * }</pre>
   *
   * @throws KilnException where the file's name ends in {@code .npy}, there is nothing to compress
   *     with, or as {@link #dump(Object, Path)} says
   */
  public static void dumpCompressed(Object value, Path file) {
    dumpCompressed(value, file, (written, total) -> {});
  }

  /** As {@link #dumpCompressed(Object, Path)}, and tells how much was written. */
  public static void dumpCompressed(Object value, Path file, WriteListener listener) {
    Dump.write(value, file, true, listener);
  }

  /**
   * Reads what {@link #dump(Object, Path)} or NumPy wrote; see {@link Engine#load(Path, Class)}.
   */
  public static <T> T load(Path file, Class<T> type) {
    return engine().load(file, type);
  }

  /** Zeros of an array's shape and dtype, on its engine. */
  public static NDArray zerosLike(NDArray x) {
    return x.engine().zeros(x.shape(), x.dtype());
  }

  /** Ones of an array's shape and dtype, on its engine. */
  public static NDArray onesLike(NDArray x) {
    return x.engine().ones(x.shape(), x.dtype());
  }

  /**
   * One value in an array's shape and dtype, on its engine.
   *
   * @throws KilnException where the dtype does not hold the value
   */
  public static NDArray fullLike(NDArray x, long value) {
    return x.engine().full(x.shape(), value, x.dtype());
  }

  /**
   * One value, rounded to the dtype, in an array's shape and dtype, on its engine.
   *
   * @throws KilnException where the dtype is not floating-point
   */
  public static NDArray fullLike(NDArray x, double value) {
    return x.engine().full(x.shape(), value, x.dtype());
  }

  /**
   * Elements of {@code ifTrue} where the condition holds and of {@code ifFalse} elsewhere;
   * broadcast, and in the common dtype of the two.
   *
   * @throws KilnException where the condition is not bool, or the shapes or dtypes do not go
   *     together
   */
  public static NDArray where(NDArray condition, NDArray ifTrue, NDArray ifFalse) {
    List<Node> nodes = condition.nodes(List.of(condition, ifTrue, ifFalse));
    return new NDArray(condition.engine(), Build.where(nodes.get(0), nodes.get(1), nodes.get(2)));
  }

  /** {@link #where(NDArray, NDArray, NDArray)} with one number, in the array's dtype. */
  public static NDArray where(NDArray condition, NDArray ifTrue, long ifFalse) {
    return where(condition, ifTrue, beside(ifTrue, Build.number(ifTrue.dtype(), ifFalse)));
  }

  /** {@link #where(NDArray, NDArray, NDArray)} with one number, in the array's dtype. */
  public static NDArray where(NDArray condition, NDArray ifTrue, double ifFalse) {
    return where(condition, ifTrue, beside(ifTrue, Build.number(ifTrue.dtype(), ifFalse)));
  }

  /** {@link #where(NDArray, NDArray, NDArray)} with one number, in the array's dtype. */
  public static NDArray where(NDArray condition, long ifTrue, NDArray ifFalse) {
    return where(condition, beside(ifFalse, Build.number(ifFalse.dtype(), ifTrue)), ifFalse);
  }

  /** {@link #where(NDArray, NDArray, NDArray)} with one number, in the array's dtype. */
  public static NDArray where(NDArray condition, double ifTrue, NDArray ifFalse) {
    return where(condition, beside(ifFalse, Build.number(ifFalse.dtype(), ifTrue)), ifFalse);
  }

  private static NDArray beside(NDArray x, Node scalar) {
    return new NDArray(x.engine(), scalar);
  }

  /**
   * The arrays one after another along an axis, in their common dtype.
   *
   * @throws KilnException where there are none, or their other extents differ
   */
  public static NDArray concat(int axis, NDArray... arrays) {
    return join("concat", arrays, nodes -> BuildViews.concat(nodes, axis));
  }

  /**
   * The arrays, all of one shape, side by side along a new axis, in their common dtype.
   *
   * @throws KilnException where there are none, or their shapes differ
   */
  public static NDArray stack(int axis, NDArray... arrays) {
    return join("stack", arrays, nodes -> BuildViews.stack(nodes, axis));
  }

  private static NDArray join(String what, NDArray[] arrays, Function<List<Node>, Node> function) {
    if (arrays.length == 0) {
      throw new KilnException(what + " of no arrays; give at least one");
    }
    List<Node> nodes = arrays[0].nodes(List.of(arrays));
    return new NDArray(arrays[0].engine(), function.apply(nodes));
  }

  /**
   * An array as blocks of that many rows along its first axis, the last one with what is left, to
   * be worked through without being in memory as a whole: a mapped file, or an expression of one.
   *
   * {@snippet file="dev/kiln/examples/BlocksTour.java" region="statistics"}
   *
   * @throws KilnException for a 0-d array, or fewer than one row
   */
  public static Blocks blocks(NDArray x, long rows) {
    return Blocks.of(x, rows);
  }

  /**
   * A function of each block of that many rows: {@code blocks(x, rows).map(function)}. Nothing is
   * computed yet.
   *
   * @throws KilnException as {@link #blocks(NDArray, long)}
   */
  public static Blocks mapBlocks(NDArray x, long rows, UnaryOperator<NDArray> function) {
    return blocks(x, rows).map(function);
  }

  /**
   * Blocks that are made by a function of their number, from 0; made when they are needed, and
   * again whenever they are needed again.
   *
   * @throws KilnException for a negative count
   */
  public static Blocks blocks(long count, LongFunction<NDArray> maker) {
    return Blocks.of(count, maker);
  }

  /**
   * Computes several arrays of one engine together, each shared part once, and gives them realised,
   * in order.
   *
   * {@snippet file="dev/kiln/examples/Tour.java" region="together"}
   *
   * @throws KilnException where they belong to different engines, or as {@link Engine#compute} says
   */
  public static List<NDArray> computeAll(NDArray... arrays) {
    return arrays.length == 0 ? List.of() : arrays[0].engine().compute(List.of(arrays));
  }
}
