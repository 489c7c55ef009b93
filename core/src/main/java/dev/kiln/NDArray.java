package dev.kiln;

import dev.kiln.graph.Build;
import dev.kiln.graph.BuildFourier;
import dev.kiln.graph.BuildMatrices;
import dev.kiln.graph.BuildReductions;
import dev.kiln.graph.BuildRoutines;
import dev.kiln.graph.BuildViews;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * An n-dimensional array, or rather the delayed computation of one: immutable, cheap to make and to
 * compose, and safe for many threads.
 *
 * <p>Every method that gives an {@code NDArray} checks shapes and dtypes at once and computes
 * nothing; {@link #compute} and the methods that give Java values compute. Semantics are those of
 * the Python array API standard 2024.12:
 *
 * <ul>
 *   <li>Shapes broadcast: from the last axis, extents are equal or one of them is 1.
 *   <li>Two arrays are converted to their common dtype ({@link DType#promote}); integers wrap
 *       around.
 *   <li>A Java number takes the array's dtype: {@code x.add(1)} keeps it. A whole number that an
 *       integer dtype does not hold, a {@code double} beside integers and any number beside bool
 *       are errors.
 *   <li>For a number on the left there is {@link Kiln#fullLike(NDArray, double)}: {@code
 *       fullLike(x, 2).divide(x)}.
 *   <li>Negative axes and indices count from the end.
 * </ul>
 *
 * {@snippet file="dev/kiln/examples/Tour.java" region="delayed"}
 *
 * <p>Every method throws {@link KilnException} where shapes do not fit or a function does not take
 * the dtype ("floats" below means float32 and float64; without a word on dtypes, all numbers), with
 * the cure in the message.
 */
public final class NDArray {
  private final Engine engine;
  private final Node node;

  NDArray(Engine engine, Node node) {
    this.engine = engine;
    this.node = node;
  }

  /** The array whose elements are in a buffer, which it owns from now on. */
  static NDArray realised(Engine engine, Buffer buffer, DType dtype, Shape shape) {
    return new NDArray(engine, Build.source(buffer, dtype, shape));
  }

  Node node() {
    return node;
  }

  // What it is

  /** The engine that computes it. */
  public Engine engine() {
    return engine;
  }

  /** The dtype of the elements. */
  public DType dtype() {
    return node.dtype();
  }

  /** The shape. */
  public Shape shape() {
    return node.shape();
  }

  /** The number of axes. */
  public int rank() {
    return node.shape().rank();
  }

  /** The number of elements. */
  public long size() {
    return node.shape().size();
  }

  /** Whether the elements lie in memory, so that nothing is left to compute. */
  public boolean isRealised() {
    return node.op() instanceof Op.Source;
  }

  /** One line on what this is; computes nothing. */
  @Override
  public String toString() {
    return "NDArray " + dtype() + shape() + (isRealised() ? ", realised" : ", delayed");
  }

  // Composing

  private NDArray with(Node result) {
    return new NDArray(engine, result);
  }

  private NDArray map(ElementOp function) {
    return with(Build.map(function, node));
  }

  private NDArray map(ElementOp function, NDArray other) {
    return with(Build.map(function, node, common(other)));
  }

  private NDArray map(ElementOp function, long other) {
    return with(Build.map(function, node, Build.number(dtype(), other)));
  }

  private NDArray map(ElementOp function, double other) {
    return with(Build.map(function, node, Build.number(dtype(), other)));
  }

  private NDArray logical(ElementOp function, NDArray other) {
    return with(Build.logical(function, node, common(other)));
  }

  /** The other's node, once it is sure that both are the same engine's. */
  private Node common(NDArray other) {
    if (other.engine != engine) {
      throw new KilnException(
          "arrays of two engines in one operation; bring one over with on(engine), which copies"
              + " nothing");
    }
    return other.node;
  }

  /** The nodes of arrays which must all be this one's engine's. */
  List<Node> nodes(List<NDArray> arrays) {
    return arrays.stream().map(this::common).toList();
  }

  /** The same delayed array for another engine to compute; nothing is copied. */
  public NDArray on(Engine engine) {
    return new NDArray(engine, node);
  }

  // Element-wise functions

  /**
   * The elements converted to a dtype: between integers by wrapping, floats to integers towards
   * zero and saturating (NaN gives 0), to floats by rounding to nearest even, to bool whether not
   * 0, and bool as 0 or 1.
   */
  public NDArray astype(DType dtype) {
    return with(Build.cast(node, dtype));
  }

  /** Absolute values; the smallest signed integer stays itself. */
  public NDArray abs() {
    return map(ElementOp.ABS);
  }

  /** Inverse cosine; floats. */
  public NDArray acos() {
    return map(ElementOp.ACOS);
  }

  /** Inverse hyperbolic cosine; floats. */
  public NDArray acosh() {
    return map(ElementOp.ACOSH);
  }

  /** Inverse sine; floats. */
  public NDArray asin() {
    return map(ElementOp.ASIN);
  }

  /** Inverse hyperbolic sine; floats. */
  public NDArray asinh() {
    return map(ElementOp.ASINH);
  }

  /** Inverse tangent; floats. */
  public NDArray atan() {
    return map(ElementOp.ATAN);
  }

  /** Inverse hyperbolic tangent; floats. */
  public NDArray atanh() {
    return map(ElementOp.ATANH);
  }

  /** Every bit inverted; integers and bool. */
  public NDArray bitwiseInvert() {
    return map(ElementOp.BITWISE_INVERT);
  }

  /** Rounded up to a whole number. */
  public NDArray ceil() {
    return map(ElementOp.CEIL);
  }

  /** Cosine; floats. */
  public NDArray cos() {
    return map(ElementOp.COS);
  }

  /** Hyperbolic cosine; floats. */
  public NDArray cosh() {
    return map(ElementOp.COSH);
  }

  /** e to the power of each element; floats. */
  public NDArray exp() {
    return map(ElementOp.EXP);
  }

  /** {@code exp(x) - 1}, precise near 0; floats. */
  public NDArray expm1() {
    return map(ElementOp.EXPM1);
  }

  /** Rounded down to a whole number. */
  public NDArray floor() {
    return map(ElementOp.FLOOR);
  }

  /** Whether neither infinite nor NaN, as bool. */
  public NDArray isFinite() {
    return map(ElementOp.ISFINITE);
  }

  /** Whether infinite, as bool. */
  public NDArray isInf() {
    return map(ElementOp.ISINF);
  }

  /** Whether NaN, as bool. */
  public NDArray isNaN() {
    return map(ElementOp.ISNAN);
  }

  /** Natural logarithm; floats. */
  public NDArray log() {
    return map(ElementOp.LOG);
  }

  /** {@code log(1 + x)}, precise near 0; floats. */
  public NDArray log1p() {
    return map(ElementOp.LOG1P);
  }

  /** Logarithm to base 2; floats. */
  public NDArray log2() {
    return map(ElementOp.LOG2);
  }

  /** Logarithm to base 10; floats. */
  public NDArray log10() {
    return map(ElementOp.LOG10);
  }

  /** Negated; integers wrap. */
  public NDArray negative() {
    return map(ElementOp.NEGATIVE);
  }

  /** Rounded to the nearest whole number, halves to the even one. */
  public NDArray round() {
    return map(ElementOp.ROUND);
  }

  /** -1, 0 or 1; NaN for NaN. */
  public NDArray sign() {
    return map(ElementOp.SIGN);
  }

  /** Whether the sign bit is set, as bool; floats. */
  public NDArray signbit() {
    return map(ElementOp.SIGNBIT);
  }

  /** Sine; floats. */
  public NDArray sin() {
    return map(ElementOp.SIN);
  }

  /** Hyperbolic sine; floats. */
  public NDArray sinh() {
    return map(ElementOp.SINH);
  }

  /** Square root; floats. */
  public NDArray sqrt() {
    return map(ElementOp.SQRT);
  }

  /** Cube root; floats. */
  public NDArray cbrt() {
    return map(ElementOp.CBRT);
  }

  /** Error function; floats. */
  public NDArray erf() {
    return map(ElementOp.ERF);
  }

  /** Complementary error function 1 − erf(x), to full precision in the tail; floats. */
  public NDArray erfc() {
    return map(ElementOp.ERFC);
  }

  /** 2 to the power of x; floats. */
  public NDArray exp2() {
    return map(ElementOp.EXP2);
  }

  /** Distribution function of the standard normal distribution, erfc(−x / √2) / 2; floats. */
  public NDArray normalCdf() {
    return map(ElementOp.NORMAL_CDF);
  }

  /** Reciprocal square root 1 / √x; floats. */
  public NDArray rsqrt() {
    return map(ElementOp.RSQRT);
  }

  /** Logistic function 1 / (1 + e^−x); floats. */
  public NDArray sigmoid() {
    return map(ElementOp.SIGMOID);
  }

  /** log(1 + e^x), without overflow; floats. */
  public NDArray softplus() {
    return map(ElementOp.SOFTPLUS);
  }

  /** Tangent; floats. */
  public NDArray tan() {
    return map(ElementOp.TAN);
  }

  /** Hyperbolic tangent; floats. */
  public NDArray tanh() {
    return map(ElementOp.TANH);
  }

  /** Rounded towards zero to a whole number. */
  public NDArray trunc() {
    return map(ElementOp.TRUNC);
  }

  /** The sum; integers wrap. */
  public NDArray add(NDArray other) {
    return map(ElementOp.ADD, other);
  }

  /** {@link #add(NDArray)} with one number. */
  public NDArray add(long other) {
    return map(ElementOp.ADD, other);
  }

  /** {@link #add(NDArray)} with one number. */
  public NDArray add(double other) {
    return map(ElementOp.ADD, other);
  }

  /** The difference; integers wrap. */
  public NDArray subtract(NDArray other) {
    return map(ElementOp.SUBTRACT, other);
  }

  /** {@link #subtract(NDArray)} with one number. */
  public NDArray subtract(long other) {
    return map(ElementOp.SUBTRACT, other);
  }

  /** {@link #subtract(NDArray)} with one number. */
  public NDArray subtract(double other) {
    return map(ElementOp.SUBTRACT, other);
  }

  /** The product; integers wrap. */
  public NDArray multiply(NDArray other) {
    return map(ElementOp.MULTIPLY, other);
  }

  /** {@link #multiply(NDArray)} with one number. */
  public NDArray multiply(long other) {
    return map(ElementOp.MULTIPLY, other);
  }

  /** {@link #multiply(NDArray)} with one number. */
  public NDArray multiply(double other) {
    return map(ElementOp.MULTIPLY, other);
  }

  /** The quotient; floats. */
  public NDArray divide(NDArray other) {
    return map(ElementOp.DIVIDE, other);
  }

  /** {@link #divide(NDArray)} with one number. */
  public NDArray divide(long other) {
    return map(ElementOp.DIVIDE, other);
  }

  /** {@link #divide(NDArray)} with one number. */
  public NDArray divide(double other) {
    return map(ElementOp.DIVIDE, other);
  }

  /** The quotient rounded down; integers divided by 0 give 0. */
  public NDArray floorDivide(NDArray other) {
    return map(ElementOp.FLOOR_DIVIDE, other);
  }

  /** {@link #floorDivide(NDArray)} with one number. */
  public NDArray floorDivide(long other) {
    return map(ElementOp.FLOOR_DIVIDE, other);
  }

  /** {@link #floorDivide(NDArray)} with one number. */
  public NDArray floorDivide(double other) {
    return map(ElementOp.FLOOR_DIVIDE, other);
  }

  /** The remainder with the divisor's sign; integers divided by 0 give 0. */
  public NDArray remainder(NDArray other) {
    return map(ElementOp.REMAINDER, other);
  }

  /** {@link #remainder(NDArray)} with one number. */
  public NDArray remainder(long other) {
    return map(ElementOp.REMAINDER, other);
  }

  /** {@link #remainder(NDArray)} with one number. */
  public NDArray remainder(double other) {
    return map(ElementOp.REMAINDER, other);
  }

  /** The larger of two; NaN wins, +0 is larger than −0. */
  public NDArray maximum(NDArray other) {
    return map(ElementOp.MAXIMUM, other);
  }

  /** {@link #maximum(NDArray)} with one number. */
  public NDArray maximum(long other) {
    return map(ElementOp.MAXIMUM, other);
  }

  /** {@link #maximum(NDArray)} with one number. */
  public NDArray maximum(double other) {
    return map(ElementOp.MAXIMUM, other);
  }

  /** The smaller of two; NaN wins, −0 is smaller than +0. */
  public NDArray minimum(NDArray other) {
    return map(ElementOp.MINIMUM, other);
  }

  /** {@link #minimum(NDArray)} with one number. */
  public NDArray minimum(long other) {
    return map(ElementOp.MINIMUM, other);
  }

  /** {@link #minimum(NDArray)} with one number. */
  public NDArray minimum(double other) {
    return map(ElementOp.MINIMUM, other);
  }

  /** The angle of the point whose y this is and whose x the other; floats. */
  public NDArray atan2(NDArray other) {
    return map(ElementOp.ATAN2, other);
  }

  /** {@link #atan2(NDArray)} with one number. */
  public NDArray atan2(long other) {
    return map(ElementOp.ATAN2, other);
  }

  /** {@link #atan2(NDArray)} with one number. */
  public NDArray atan2(double other) {
    return map(ElementOp.ATAN2, other);
  }

  /** This magnitude with the other's sign; floats. */
  public NDArray copysign(NDArray other) {
    return map(ElementOp.COPYSIGN, other);
  }

  /** {@link #copysign(NDArray)} with one number. */
  public NDArray copysign(long other) {
    return map(ElementOp.COPYSIGN, other);
  }

  /** {@link #copysign(NDArray)} with one number. */
  public NDArray copysign(double other) {
    return map(ElementOp.COPYSIGN, other);
  }

  /** The hypotenuse {@code sqrt(x² + y²)} without overflow between; floats. */
  public NDArray hypot(NDArray other) {
    return map(ElementOp.HYPOT, other);
  }

  /** {@link #hypot(NDArray)} with one number. */
  public NDArray hypot(long other) {
    return map(ElementOp.HYPOT, other);
  }

  /** {@link #hypot(NDArray)} with one number. */
  public NDArray hypot(double other) {
    return map(ElementOp.HYPOT, other);
  }

  /** {@code log(exp(x) + exp(y))} without overflow between; floats. */
  public NDArray logAddExp(NDArray other) {
    return map(ElementOp.LOGADDEXP, other);
  }

  /** {@link #logAddExp(NDArray)} with one number. */
  public NDArray logAddExp(long other) {
    return map(ElementOp.LOGADDEXP, other);
  }

  /** {@link #logAddExp(NDArray)} with one number. */
  public NDArray logAddExp(double other) {
    return map(ElementOp.LOGADDEXP, other);
  }

  /** The next representable number towards the other; floats. */
  public NDArray nextafter(NDArray other) {
    return map(ElementOp.NEXTAFTER, other);
  }

  /** {@link #nextafter(NDArray)} with one number. */
  public NDArray nextafter(long other) {
    return map(ElementOp.NEXTAFTER, other);
  }

  /** {@link #nextafter(NDArray)} with one number. */
  public NDArray nextafter(double other) {
    return map(ElementOp.NEXTAFTER, other);
  }

  /** Bits set in both; integers and bool. */
  public NDArray bitwiseAnd(NDArray other) {
    return map(ElementOp.BITWISE_AND, other);
  }

  /** {@link #bitwiseAnd(NDArray)} with one number. */
  public NDArray bitwiseAnd(long other) {
    return map(ElementOp.BITWISE_AND, other);
  }

  /** Bits set in either; integers and bool. */
  public NDArray bitwiseOr(NDArray other) {
    return map(ElementOp.BITWISE_OR, other);
  }

  /** {@link #bitwiseOr(NDArray)} with one number. */
  public NDArray bitwiseOr(long other) {
    return map(ElementOp.BITWISE_OR, other);
  }

  /** Bits set in one alone; integers and bool. */
  public NDArray bitwiseXor(NDArray other) {
    return map(ElementOp.BITWISE_XOR, other);
  }

  /** {@link #bitwiseXor(NDArray)} with one number. */
  public NDArray bitwiseXor(long other) {
    return map(ElementOp.BITWISE_XOR, other);
  }

  /** Bits moved left; as many places as there are bits, or more, give 0; integers. */
  public NDArray bitwiseLeftShift(NDArray other) {
    return map(ElementOp.BITWISE_LEFT_SHIFT, other);
  }

  /** {@link #bitwiseLeftShift(NDArray)} with one number. */
  public NDArray bitwiseLeftShift(long other) {
    return map(ElementOp.BITWISE_LEFT_SHIFT, other);
  }

  /** Bits moved right, keeping the sign; integers. */
  public NDArray bitwiseRightShift(NDArray other) {
    return map(ElementOp.BITWISE_RIGHT_SHIFT, other);
  }

  /** {@link #bitwiseRightShift(NDArray)} with one number. */
  public NDArray bitwiseRightShift(long other) {
    return map(ElementOp.BITWISE_RIGHT_SHIFT, other);
  }

  /** Whether equal, as bool; NaN equals nothing. */
  public NDArray equal(NDArray other) {
    return map(ElementOp.EQUAL, other);
  }

  /** {@link #equal(NDArray)} with one number. */
  public NDArray equal(long other) {
    return map(ElementOp.EQUAL, other);
  }

  /** {@link #equal(NDArray)} with one number. */
  public NDArray equal(double other) {
    return map(ElementOp.EQUAL, other);
  }

  /** Whether not equal, as bool. */
  public NDArray notEqual(NDArray other) {
    return map(ElementOp.NOT_EQUAL, other);
  }

  /** {@link #notEqual(NDArray)} with one number. */
  public NDArray notEqual(long other) {
    return map(ElementOp.NOT_EQUAL, other);
  }

  /** {@link #notEqual(NDArray)} with one number. */
  public NDArray notEqual(double other) {
    return map(ElementOp.NOT_EQUAL, other);
  }

  /** Whether less than the other, as bool. */
  public NDArray less(NDArray other) {
    return map(ElementOp.LESS, other);
  }

  /** {@link #less(NDArray)} with one number. */
  public NDArray less(long other) {
    return map(ElementOp.LESS, other);
  }

  /** {@link #less(NDArray)} with one number. */
  public NDArray less(double other) {
    return map(ElementOp.LESS, other);
  }

  /** Whether less than or equal to the other, as bool. */
  public NDArray lessEqual(NDArray other) {
    return map(ElementOp.LESS_EQUAL, other);
  }

  /** {@link #lessEqual(NDArray)} with one number. */
  public NDArray lessEqual(long other) {
    return map(ElementOp.LESS_EQUAL, other);
  }

  /** {@link #lessEqual(NDArray)} with one number. */
  public NDArray lessEqual(double other) {
    return map(ElementOp.LESS_EQUAL, other);
  }

  /** Whether greater than the other, as bool. */
  public NDArray greater(NDArray other) {
    return map(ElementOp.GREATER, other);
  }

  /** {@link #greater(NDArray)} with one number. */
  public NDArray greater(long other) {
    return map(ElementOp.GREATER, other);
  }

  /** {@link #greater(NDArray)} with one number. */
  public NDArray greater(double other) {
    return map(ElementOp.GREATER, other);
  }

  /** Whether greater than or equal to the other, as bool. */
  public NDArray greaterEqual(NDArray other) {
    return map(ElementOp.GREATER_EQUAL, other);
  }

  /** {@link #greaterEqual(NDArray)} with one number. */
  public NDArray greaterEqual(long other) {
    return map(ElementOp.GREATER_EQUAL, other);
  }

  /** {@link #greaterEqual(NDArray)} with one number. */
  public NDArray greaterEqual(double other) {
    return map(ElementOp.GREATER_EQUAL, other);
  }

  /** Whether both; bool. */
  public NDArray logicalAnd(NDArray other) {
    return logical(ElementOp.BITWISE_AND, other);
  }

  /** Whether either; bool. */
  public NDArray logicalOr(NDArray other) {
    return logical(ElementOp.BITWISE_OR, other);
  }

  /** Whether one alone; bool. */
  public NDArray logicalXor(NDArray other) {
    return logical(ElementOp.BITWISE_XOR, other);
  }

  /** Whether not; bool. */
  public NDArray logicalNot() {
    return with(Build.logical(ElementOp.BITWISE_INVERT, node));
  }

  /** The array itself. */
  public NDArray positive() {
    return with(Build.positive(node));
  }

  /** {@code x * x}. */
  public NDArray square() {
    return multiply(this);
  }

  /** {@code 1 / x}; floats. */
  public NDArray reciprocal() {
    return with(Build.reciprocal(node));
  }

  /**
   * This to the power of the other; integers wrap, and with a negative exponent the exact value is
   * truncated.
   */
  public NDArray pow(NDArray other) {
    return map(ElementOp.POW, other);
  }

  /** {@link #pow(NDArray)} with one number; {@code pow(2)} is {@link #square}. */
  public NDArray pow(long other) {
    if (other == 2) {
      return square();
    }
    return other == 1 ? positive() : map(ElementOp.POW, other);
  }

  /** {@link #pow(NDArray)} with one number; {@code pow(2.0)} is {@link #square}. */
  public NDArray pow(double other) {
    boolean exact = dtype().isFloat() && (other == 1 || other == 2);
    return exact ? pow((long) other) : map(ElementOp.POW, other);
  }

  /**
   * Elements below {@code low} become it, then elements above {@code high}: {@code
   * minimum(maximum(x, low), high)}.
   */
  public NDArray clip(NDArray low, NDArray high) {
    return maximum(low).minimum(high);
  }

  /** {@link #clip(NDArray, NDArray)} with numbers. */
  public NDArray clip(long low, long high) {
    return maximum(low).minimum(high);
  }

  /** {@link #clip(NDArray, NDArray)} with numbers. */
  public NDArray clip(double low, double high) {
    return maximum(low).minimum(high);
  }

  // Views

  /**
   * A part, as Python's brackets give it; axes without a piece are taken whole.
   *
   * {@snippet file="dev/kiln/examples/Tour.java" region="slices"}
   */
  public NDArray get(Slice... index) {
    return with(Indexing.get(node, index));
  }

  /**
   * What lies at the given places of the first axes, which are dropped: of a matrix, {@code at(0)}
   * is the first row.
   */
  public NDArray at(long... index) {
    return get(Arrays.stream(index).mapToObj(Slice::at).toArray(Slice[]::new));
  }

  /**
   * The same elements in row-major order under another shape; one extent may be -1 and is then
   * computed.
   */
  public NDArray reshape(long... extents) {
    return with(BuildViews.reshape(node, extents));
  }

  /** The same elements in row-major order under another shape. */
  public NDArray reshape(Shape shape) {
    return with(BuildViews.reshape(node, shape));
  }

  /** The axes in another order: axis k of the result is axis {@code axes[k]} of this. */
  public NDArray permuteDims(int... axes) {
    return with(BuildViews.permute(node, axes));
  }

  /** The transpose of a 2-d array. */
  public NDArray T() {
    return with(BuildViews.transpose(node));
  }

  /** With a new axis of extent 1 at that place, from {@code -rank - 1} to {@code rank}. */
  public NDArray expandDims(int axis) {
    return with(BuildViews.expandDims(node, axis));
  }

  /** Without the given axes, all of extent 1; given none, without all of extent 1. */
  public NDArray squeeze(int... axes) {
    return with(BuildViews.squeeze(node, axes));
  }

  /** Repeated to a shape that this one broadcasts to. */
  public NDArray broadcastTo(Shape shape) {
    return with(BuildViews.broadcastTo(node, shape));
  }

  /** Backwards along the given axes; given none, along all. */
  public NDArray flip(int... axes) {
    return with(BuildViews.flip(node, axes));
  }

  /** Moved along an axis; what leaves one end enters at the other. */
  public NDArray roll(long shift, int axis) {
    return with(BuildViews.roll(node, shift, axis));
  }

  /** Moved in row-major order; what leaves the end enters at the beginning. */
  public NDArray roll(long shift) {
    return with(BuildViews.roll(node, shift));
  }

  // Reductions; of no axes given, over all

  private NDArray reduce(ReduceOp function, Axes axes) {
    return with(BuildReductions.reduce(function, node, axes.axes(), axes.keepsDims()));
  }

  /**
   * The sum over axes (none given: all). Of bool and signed integers int64, of unsigned uint64, of
   * floats the same dtype, in one order that is the same on every machine. Of nothing, 0.
   */
  public NDArray sum(int... axes) {
    return sum(Axes.of(axes));
  }

  /** {@link #sum(int...)} with options. */
  public NDArray sum(Axes axes) {
    return reduce(ReduceOp.SUM, axes);
  }

  /**
   * The product over axes (none given: all), with the dtypes of {@link #sum(int...)}. Of nothing,
   * 1.
   */
  public NDArray prod(int... axes) {
    return prod(Axes.of(axes));
  }

  /** {@link #prod(int...)} with options. */
  public NDArray prod(Axes axes) {
    return reduce(ReduceOp.PROD, axes);
  }

  /** The smallest element over axes (none given: all); NaN wins. An error of nothing. */
  public NDArray min(int... axes) {
    return min(Axes.of(axes));
  }

  /** {@link #min(int...)} with options. */
  public NDArray min(Axes axes) {
    return reduce(ReduceOp.MIN, axes);
  }

  /** The largest element over axes (none given: all); NaN wins. An error of nothing. */
  public NDArray max(int... axes) {
    return max(Axes.of(axes));
  }

  /** {@link #max(int...)} with options. */
  public NDArray max(Axes axes) {
    return reduce(ReduceOp.MAX, axes);
  }

  /**
   * Where along one axis (none given: in row-major order) the first smallest element is, as int64;
   * NaN wins.
   */
  public NDArray argmin(int... axes) {
    return argmin(Axes.of(axes));
  }

  /** {@link #argmin(int...)} with options. */
  public NDArray argmin(Axes axes) {
    return reduce(ReduceOp.ARGMIN, axes);
  }

  /**
   * Where along one axis (none given: in row-major order) the first largest element is, as int64;
   * NaN wins.
   */
  public NDArray argmax(int... axes) {
    return argmax(Axes.of(axes));
  }

  /** {@link #argmax(int...)} with options. */
  public NDArray argmax(Axes axes) {
    return reduce(ReduceOp.ARGMAX, axes);
  }

  /** The arithmetic mean over axes (none given: all); floats. Of nothing, NaN. */
  public NDArray mean(int... axes) {
    return mean(Axes.of(axes));
  }

  /** {@link #mean(int...)} with options. */
  public NDArray mean(Axes axes) {
    return reduce(ReduceOp.MEAN, axes);
  }

  /** The population variance over axes (none given: all); floats. */
  public NDArray var(int... axes) {
    return var(Axes.of(axes), 0);
  }

  /**
   * The variance with options: squared deviations over max(n − correction, 0); correction 1 is the
   * sample variance.
   */
  public NDArray var(Axes axes, double correction) {
    return with(BuildReductions.variance(node, axes.axes(), axes.keepsDims(), correction));
  }

  /** The population standard deviation over axes (none given: all); floats. */
  public NDArray std(int... axes) {
    return std(Axes.of(axes), 0);
  }

  /** The square root of {@link #var(Axes, double)}. */
  public NDArray std(Axes axes, double correction) {
    return with(BuildReductions.deviation(node, axes.axes(), axes.keepsDims(), correction));
  }

  /**
   * Whether any element over axes (none given: all) is not 0, as bool; NaN is not 0. Of nothing,
   * false.
   */
  public NDArray any(int... axes) {
    return any(Axes.of(axes));
  }

  /** {@link #any(int...)} with options. */
  public NDArray any(Axes axes) {
    return with(BuildReductions.any(node, axes.axes(), axes.keepsDims()));
  }

  /**
   * Whether all elements over axes (none given: all) are not 0, as bool; NaN is not 0. Of nothing,
   * true.
   */
  public NDArray all(int... axes) {
    return all(Axes.of(axes));
  }

  /** {@link #all(int...)} with options. */
  public NDArray all(Axes axes) {
    return with(BuildReductions.all(node, axes.axes(), axes.keepsDims()));
  }

  /** The number of elements over axes (none given: all) that are not 0, as int64; NaN is not 0. */
  public NDArray countNonzero(int... axes) {
    return countNonzero(Axes.of(axes));
  }

  /** {@link #countNonzero(int...)} with options. */
  public NDArray countNonzero(Axes axes) {
    return with(BuildReductions.countNonzero(node, axes.axes(), axes.keepsDims()));
  }

  // Products of matrices

  /**
   * The matrix product. Of 2-d arrays the usual one; with more axes the last two are matrices and
   * the others broadcast; a 1-d array is a row on the left and a column on the right, and its axis
   * is not in the result. The dtype is the common one; integers wrap. A transposed view is read as
   * it lies. Floats have one order of addition, the same on every machine.
   */
  public NDArray matmul(NDArray other) {
    return with(BuildMatrices.matmul(node, common(other)));
  }

  /**
   * The sum of products along an axis of both, which is negative, counted from the end, and of
   * equal extent; the other axes broadcast.
   */
  public NDArray vecdot(NDArray other, int axis) {
    return with(BuildMatrices.vecdot(node, common(other), axis));
  }

  /** {@link #vecdot(NDArray, int)} along the last axes. */
  public NDArray vecdot(NDArray other) {
    return vecdot(other, -1);
  }

  /**
   * The sum of products over pairs of axes, one of each array, of equal extents: the result has the
   * other axes of this and then those of the other. No pairs give the outer product.
   */
  public NDArray tensordot(NDArray other, int[] axes, int[] otherAxes) {
    return with(BuildMatrices.tensordot(node, common(other), axes, otherAxes));
  }

  /** {@link #tensordot(NDArray, int[], int[])} over that many last axes of this and first ones. */
  public NDArray tensordot(NDArray other, int axes) {
    return with(BuildMatrices.tensordot(node, common(other), axes));
  }

  /** The last two axes swapped: the transpose of each matrix. */
  public NDArray matrixTranspose() {
    return with(BuildMatrices.transpose(node));
  }

  // Running results along an axis

  /**
   * Running sums along an axis: element i is the sum of elements 0 to i. Dtypes are those of {@link
   * #sum(int...)}; floats are added in one order that is the same on every machine.
   */
  public NDArray cumulativeSum(int axis) {
    return cumulativeSum(axis, false);
  }

  /**
   * {@link #cumulativeSum(int)}, with the sum of nothing before the first element if {@code
   * includeInitial}; the axis is then longer by 1.
   */
  public NDArray cumulativeSum(int axis, boolean includeInitial) {
    return with(BuildRoutines.cumulative(Fold.SUM, node, axis, includeInitial));
  }

  /** {@link #cumulativeSum(int)} of a 1-d array. */
  public NDArray cumulativeSum() {
    return with(BuildRoutines.cumulative(Fold.SUM, node));
  }

  /** Running products along an axis, with the dtypes of {@link #sum(int...)}. */
  public NDArray cumulativeProd(int axis) {
    return cumulativeProd(axis, false);
  }

  /**
   * {@link #cumulativeProd(int)}, with the product of nothing before the first element if {@code
   * includeInitial}; the axis is then longer by 1.
   */
  public NDArray cumulativeProd(int axis, boolean includeInitial) {
    return with(BuildRoutines.cumulative(Fold.PROD, node, axis, includeInitial));
  }

  /** {@link #cumulativeProd(int)} of a 1-d array. */
  public NDArray cumulativeProd() {
    return with(BuildRoutines.cumulative(Fold.PROD, node));
  }

  // Fourier transforms

  /**
   * The discrete Fourier transform of real numbers along an axis, of n/2 + 1 elements. Kiln has no
   * complex dtypes yet: real and imaginary parts lie along a new last axis of extent 2. Floats;
   * computed in float64. Provisional: it will give complex numbers once there are any.
   */
  public NDArray rfft(int axis) {
    return with(BuildFourier.rfft(node, axis));
  }

  /** {@link #rfft(int)} along the last axis. */
  public NDArray rfft() {
    return rfft(-1);
  }

  // Sorting

  /**
   * The elements along an axis in ascending order; equal elements, −0 and +0 among them, stay in
   * their order. NaN counts as the largest.
   */
  public NDArray sort(int axis) {
    return sort(axis, false);
  }

  /** {@link #sort(int)}, in descending order if so. */
  public NDArray sort(int axis, boolean descending) {
    return with(BuildRoutines.sort(node, axis, descending));
  }

  /** {@link #sort(int)} along the last axis. */
  public NDArray sort() {
    return sort(-1);
  }

  /**
   * Where along an axis the elements are that {@link #sort(int)} puts there, as int64; equal
   * elements stay in their order.
   */
  public NDArray argsort(int axis) {
    return argsort(axis, false);
  }

  /** {@link #argsort(int)}, in descending order if so. */
  public NDArray argsort(int axis, boolean descending) {
    return with(BuildRoutines.argsort(node, axis, descending));
  }

  /** {@link #argsort(int)} along the last axis. */
  public NDArray argsort() {
    return argsort(-1);
  }

  // Computing

  /**
   * Computes the elements into memory of the engine; what is made from the result starts there. A
   * realised array is itself.
   *
   * <p>Where an array in memory has the elements already, as for {@code x.flip().flip()}, its
   * memory may be shared. Several arrays that share work are computed together by {@link
   * Kiln#computeAll}.
   */
  public NDArray compute() {
    return isRealised() ? this : engine.compute(List.of(this)).getFirst();
  }

  /**
   * This array, marked as worth keeping: where its engine has a store, its elements are taken from
   * there whenever something is computed from it, and otherwise computed into memory and kept. All
   * arrays of the same meaning are marked with it. On an engine without a store it means nothing.
   */
  public NDArray memoised() {
    engine.memoise(node);
    return this;
  }

  /**
   * Gives the memory of a realised array back now instead of when the garbage collector finds it
   * unused; using the array, one that shares its memory, or anything delayed that was made from it,
   * is an error afterwards.
   *
   * @throws KilnException for a delayed array, which has no memory
   */
  public void release() {
    buffer("release").release();
  }

  /**
   * The memory of a realised array, read-only: dense, row-major, in native byte order, not copied.
   * Unusable once the array is released or its engine closed.
   *
   * @throws KilnException for a delayed array, which has no memory
   */
  public MemorySegment data() {
    return buffer("data").contents();
  }

  /** The buffer of a realised array. */
  Buffer buffer() {
    return buffer("buffer");
  }

  private Buffer buffer(String method) {
    if (node.op() instanceof Op.Source source) {
      return source.buffer();
    }
    throw new KilnException(
        method + " of a delayed array, which has no memory; call it on what compute() returned");
  }

  /** The elements in row-major order, computed now. The dtype must be float32. */
  public float[] toFloatArray() {
    return Readout.toFloatArray(this);
  }

  /** The elements in row-major order, computed now. The dtype must be float64. */
  public double[] toDoubleArray() {
    return Readout.toDoubleArray(this);
  }

  /**
   * The elements in row-major order, computed now. The dtype must be int32, or uint32 as the same
   * bits.
   */
  public int[] toIntArray() {
    return Readout.toIntArray(this);
  }

  /**
   * The elements in row-major order, computed now. The dtype must be int64, or uint64 as the same
   * bits.
   */
  public long[] toLongArray() {
    return Readout.toLongArray(this);
  }

  /**
   * The elements in row-major order, computed now. The dtype must be int16, or uint16 as the same
   * bits.
   */
  public short[] toShortArray() {
    return Readout.toShortArray(this);
  }

  /**
   * The elements in row-major order, computed now. The dtype must be int8, or uint8 as the same
   * bits.
   */
  public byte[] toByteArray() {
    return Readout.toByteArray(this);
  }

  /** The elements in row-major order, computed now. The dtype must be bool. */
  public boolean[] toBooleanArray() {
    return Readout.toBooleanArray(this);
  }

  /**
   * The same elements in memory of their own, computed and copied now by all threads: what to do
   * with an array on a mapped file that is about to be changed or removed.
   *
   * {@snippet :
   * NDArray kept = Kiln.load(file).copy();
   * }
   *
   * @throws KilnException where they exceed the engine's memory limit
   */
  public NDArray copy() {
    NDArray computed = compute();
    try {
      return engine.copy(computed);
    } finally {
      if (!isRealised()) {
        computed.release();
      }
    }
  }

  /**
   * Computes the elements and copies them, dense, row-major and in native byte order, to the
   * beginning of a segment.
   *
   * @throws KilnException where the segment is too short
   */
  public void copyTo(MemorySegment target) {
    Readout.copyTo(this, target);
  }

  /**
   * The number that an array of one element holds, computed now.
   *
   * @throws KilnException where there is not exactly one element, it is bool, or it is an integer
   *     that a double does not hold
   */
  public double item() {
    return Readout.item(this);
  }

  /**
   * The integer that an array of one element holds, computed now.
   *
   * @throws KilnException where there is not exactly one element, it is no integer, or a long does
   *     not hold it
   */
  public long itemLong() {
    return Readout.itemLong(this);
  }

  /**
   * The truth value that a bool array of one element holds, computed now.
   *
   * @throws KilnException where there is not exactly one element, or it is not bool
   */
  public boolean itemBoolean() {
    return Readout.itemBoolean(this);
  }

  /**
   * How this would be computed: the graph, what each pass makes of it, and the steps. Computes
   * nothing.
   */
  public String explain() {
    return engine.explain(List.of(this));
  }

  /** The graph in Graphviz's language. Computes nothing. */
  public String dot() {
    return engine.dot(List.of(this));
  }
}
