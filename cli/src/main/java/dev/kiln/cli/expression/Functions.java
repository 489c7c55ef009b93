package dev.kiln.cli.expression;

import dev.kiln.Axes;
import dev.kiln.DType;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.cli.expression.Value.Array;
import dev.kiln.cli.expression.Value.Int;
import dev.kiln.cli.expression.Value.Plain;
import dev.kiln.cli.expression.Value.Real;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Every function of the language, under its name in the array API standard and, where it differs,
 * in NumPy. A function of plain numbers alone gives a plain number.
 */
public final class Functions {
  private final SequencedMap<String, Defined> functions = new TreeMap<>();

  /** A function as it is defined; its signature is taken apart when somebody calls it. */
  private record Defined(String signature, Function.Body body) {}

  /**
   * Groups of functions not yet defined: each costs milliseconds in a JVM that has just started.
   */
  private final Deque<Runnable> groups = new ArrayDeque<>();

  /** All functions. */
  public Functions() {
    groups.add(this::creation);
    groups.add(this::routines);
    groups.add(this::reductions);
    groups.add(this::shapes);
    groups.add(this::operators);
    groups.add(this::elementwise);
  }

  /** The names of all functions, sorted. */
  public Collection<String> names() {
    defineAll();
    return Collections.unmodifiableCollection(functions.sequencedKeySet());
  }

  Optional<Function> find(String name) {
    while (!functions.containsKey(name) && !groups.isEmpty()) {
      groups.remove().run();
    }
    return Optional.ofNullable(functions.get(name)).map(found -> function(name, found));
  }

  private void defineAll() {
    while (!groups.isEmpty()) {
      groups.remove().run();
    }
  }

  /** The name most like a misspelt one, where one is near. */
  Optional<String> nearest(String name) {
    defineAll();
    return functions.keySet().stream()
        .map(known -> Map.entry(known, distance(name, known)))
        .filter(entry -> entry.getValue() <= Math.max(1, name.length() / 3))
        .min(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  private void elementwise() {
    real(NDArray::acos, "acos", "arccos");
    real(NDArray::acosh, "acosh", "arccosh");
    real(NDArray::asin, "asin", "arcsin");
    real(NDArray::asinh, "asinh", "arcsinh");
    real(NDArray::atan, "atan", "arctan");
    real(NDArray::atanh, "atanh", "arctanh");
    real(NDArray::cbrt, "cbrt");
    real(NDArray::cos, "cos");
    real(NDArray::cosh, "cosh");
    real(NDArray::erf, "erf");
    real(NDArray::erfc, "erfc");
    real(NDArray::exp, "exp");
    real(NDArray::exp2, "exp2");
    real(NDArray::expm1, "expm1");
    real(NDArray::log, "log");
    real(NDArray::log10, "log10");
    real(NDArray::log1p, "log1p");
    real(NDArray::log2, "log2");
    real(NDArray::normalCdf, "normal_cdf");
    real(NDArray::reciprocal, "reciprocal");
    real(NDArray::rsqrt, "rsqrt");
    real(NDArray::sigmoid, "sigmoid");
    real(NDArray::signbit, "signbit");
    real(NDArray::sin, "sin");
    real(NDArray::sinh, "sinh");
    real(NDArray::softplus, "softplus");
    real(NDArray::sqrt, "sqrt");
    real(NDArray::tan, "tan");
    real(NDArray::tanh, "tanh");
    any(NDArray::abs, "abs", "absolute");
    any(NDArray::bitwiseInvert, "bitwise_invert", "bitwise_not", "invert");
    any(NDArray::ceil, "ceil");
    any(NDArray::floor, "floor");
    any(NDArray::isFinite, "isfinite");
    any(NDArray::isInf, "isinf");
    any(NDArray::isNaN, "isnan");
    any(NDArray::logicalNot, "logical_not");
    any(NDArray::negative, "negative");
    any(NDArray::positive, "positive");
    any(NDArray::round, "round", "rint");
    any(NDArray::sign, "sign");
    any(NDArray::square, "square");
    any(NDArray::trunc, "trunc");

    binary(true, NDArray::atan2, "atan2", "arctan2");
    binary(true, NDArray::copysign, "copysign");
    binary(true, NDArray::hypot, "hypot");
    binary(true, NDArray::logAddExp, "logaddexp");
    binary(true, NDArray::nextafter, "nextafter");
    binary(false, NDArray::logicalAnd, "logical_and");
    binary(false, NDArray::logicalOr, "logical_or");
    binary(false, NDArray::logicalXor, "logical_xor");
    binary(false, NDArray::maximum, "maximum");
    binary(false, NDArray::minimum, "minimum");
    define(
        "where(condition, x, y)",
        a -> {
          List<NDArray> chosen = a.together(List.of(a.operand("x"), a.operand("y")));
          return new Array(Kiln.where(a.array("condition"), chosen.getFirst(), chosen.getLast()));
        });
    define("clip(x, min=, max=)", Functions::clip);
    define("astype(x, dtype)", a -> new Array(a.array("x").astype(a.dtype())));
  }

  private void operators() {
    operator(Operator.ADD, NDArray::add);
    operator(Operator.SUBTRACT, NDArray::subtract);
    operator(Operator.MULTIPLY, NDArray::multiply);
    operator(Operator.DIVIDE, NDArray::divide, "true_divide");
    operator(Operator.FLOOR_DIVIDE, NDArray::floorDivide);
    operator(Operator.REMAINDER, NDArray::remainder, "mod");
    operator(Operator.POW, NDArray::pow, "power");
    operator(Operator.AND, NDArray::bitwiseAnd);
    operator(Operator.OR, NDArray::bitwiseOr);
    operator(Operator.XOR, NDArray::bitwiseXor);
    operator(Operator.LEFT_SHIFT, NDArray::bitwiseLeftShift, "left_shift");
    operator(Operator.RIGHT_SHIFT, NDArray::bitwiseRightShift, "right_shift");
    operator(Operator.EQUAL, NDArray::equal);
    operator(Operator.NOT_EQUAL, NDArray::notEqual);
    operator(Operator.LESS, NDArray::less);
    operator(Operator.LESS_EQUAL, NDArray::lessEqual);
    operator(Operator.GREATER, NDArray::greater);
    operator(Operator.GREATER_EQUAL, NDArray::greaterEqual);
  }

  private void shapes() {
    define("reshape(x, shape)", a -> new Array(a.array("x").reshape(a.longs("shape"))));
    define("permute_dims(x, axes)", a -> new Array(a.array("x").permuteDims(a.ints("axes"))));
    define(
        "transpose(x, axes=)",
        a -> {
          NDArray x = a.array("x");
          int[] reversed = new int[x.rank()];
          Arrays.setAll(reversed, axis -> x.rank() - 1 - axis);
          return new Array(x.permuteDims(a.has("axes") ? a.ints("axes") : reversed));
        });
    define(
        "expand_dims(x, axis=)",
        a -> new Array(a.array("x").expandDims(a.has("axis") ? a.integer("axis") : 0)));
    define("squeeze(x, axis=)", a -> new Array(alongAxes(a, NDArray::squeeze)));
    define("broadcast_to(x, shape)", a -> new Array(a.array("x").broadcastTo(a.shape("shape"))));
    define("flip(x, axis=)", a -> new Array(alongAxes(a, NDArray::flip)));
    define(
        "roll(x, shift, axis=)",
        a -> {
          NDArray x = a.array("x");
          if (!a.has("axis")) {
            return new Array(x.roll(a.whole("shift", 0)));
          }
          long[] shifts = a.longs("shift");
          int[] axes = a.ints("axis");
          if (shifts.length != 1 && shifts.length != axes.length) {
            throw a.wrong("shift", "one number, or one for each of the " + axes.length + " axes");
          }
          for (int i = 0; i < axes.length; i++) {
            x = x.roll(shifts[shifts.length == 1 ? 0 : i], axes[i]);
          }
          return new Array(x);
        });
    Function.Body concat =
        a -> {
          NDArray[] arrays = a.arrays("arrays");
          // axis=None: one after the other, each in row-major order.
          boolean flat = a.value("axis") == Value.Singleton.NONE;
          return new Array(
              flat ? Kiln.concat(0, flattened(arrays)) : Kiln.concat(a.integer("axis"), arrays));
        };
    defaulted("axis", new Int(0), "concat(arrays, axis=)", concat);
    defaulted("axis", new Int(0), "concatenate(arrays, axis=)", concat);
    defaulted(
        "axis",
        new Int(0),
        "stack(arrays, axis=)",
        a -> new Array(Kiln.stack(a.integer("axis"), a.arrays("arrays"))));
  }

  /** The array itself for Python's axis=(), which means no axis; Java's no axes mean all. */
  private static NDArray alongAxes(Arguments a, BiFunction<NDArray, int[], NDArray> function) {
    NDArray x = a.array("x");
    int[] axes = a.has("axis") ? a.ints("axis") : new int[0];
    return a.has("axis") && axes.length == 0 ? x : function.apply(x, axes);
  }

  private static NDArray[] flattened(NDArray[] arrays) {
    return Arrays.stream(arrays).map(array -> array.reshape(-1)).toArray(NDArray[]::new);
  }

  private void reductions() {
    typedReduction("sum", NDArray::sum);
    typedReduction("prod", NDArray::prod);
    reduction(NDArray::min, "min", "amin");
    reduction(NDArray::max, "max", "amax");
    reduction(NDArray::mean, "mean");
    reduction(NDArray::any, "any");
    reduction(NDArray::all, "all");
    reduction(NDArray::argmin, "argmin");
    reduction(NDArray::argmax, "argmax");
    reduction(NDArray::countNonzero, "count_nonzero");
    define(
        "var(x, axis=, correction=, keepdims=, ddof=)",
        a -> new Array(a.array("x").var(a.axes(), correction(a))));
    define(
        "std(x, axis=, correction=, keepdims=, ddof=)",
        a -> new Array(a.array("x").std(a.axes(), correction(a))));
  }

  private void routines() {
    for (String name : List.of("cumulative_sum", "cumulative_prod")) {
      define(
          name + "(x, axis=, dtype=, include_initial=)",
          a -> {
            NDArray x = typed(a);
            boolean initial = a.flag("include_initial", false);
            boolean sum = name.endsWith("sum");
            if (!a.has("axis")) {
              // Arrays of several axes are refused here.
              NDArray along = sum ? x.cumulativeSum() : x.cumulativeProd();
              if (!initial) {
                return result(a, along);
              }
            }
            int axis = a.has("axis") ? a.integer("axis") : 0;
            return result(
                a, sum ? x.cumulativeSum(axis, initial) : x.cumulativeProd(axis, initial));
          });
    }
    define("cumsum(x, axis=, dtype=)", a -> result(a, line(a).cumulativeSum(lineAxis(a))));
    define("cumprod(x, axis=, dtype=)", a -> result(a, line(a).cumulativeProd(lineAxis(a))));
    defaulted(
        "axis",
        new Int(-1),
        "sort(x, axis=, descending=)",
        a -> new Array(orderable(a).sort(lineAxis(a), a.flag("descending", false))));
    defaulted(
        "axis",
        new Int(-1),
        "argsort(x, axis=, descending=)",
        a -> new Array(orderable(a).argsort(lineAxis(a), a.flag("descending", false))));
    define(
        "matmul(x1, x2)",
        a -> {
          List<NDArray> both = a.together(List.of(a.operand("x1"), a.operand("x2")));
          return new Array(both.getFirst().matmul(both.getLast()));
        });
    define(
        "rfft(x, axis=)",
        a -> new Array(a.array("x").rfft(a.has("axis") ? a.integer("axis") : -1)));
    define("vecdot(x1, x2, axis=)", a -> new Array(vecdot(a)));
    define("matrix_transpose(x)", a -> new Array(a.array("x").matrixTranspose()));
    define("tensordot(x1, x2, axes=)", a -> new Array(tensordot(a)));
  }

  private static NDArray typed(Arguments a) {
    NDArray x = a.array("x");
    return a.has("dtype") ? x.astype(a.dtype()) : x;
  }

  /** As {@code dtype} says, which is that of the result too: small integers would be widened. */
  private static Value result(Arguments a, NDArray computed) {
    return new Array(a.has("dtype") ? computed.astype(a.dtype()) : computed);
  }

  /** The array, or where no axis is given its elements in a line, as NumPy's older functions do. */
  private static NDArray line(Arguments a) {
    return a.has("axis") ? typed(a) : typed(a).reshape(-1);
  }

  private static NDArray orderable(Arguments a) {
    return a.has("axis") ? a.array("x") : a.array("x").reshape(-1);
  }

  private static int lineAxis(Arguments a) {
    return a.has("axis") ? a.integer("axis") : 0;
  }

  private static NDArray vecdot(Arguments a) {
    List<NDArray> both = a.together(List.of(a.operand("x1"), a.operand("x2")));
    return both.getFirst().vecdot(both.getLast(), a.has("axis") ? a.integer("axis") : -1);
  }

  private static NDArray tensordot(Arguments a) {
    List<NDArray> both = a.together(List.of(a.operand("x1"), a.operand("x2")));
    int axes = a.has("axes") ? a.integer("axes") : 2;
    return both.getFirst().tensordot(both.getLast(), axes);
  }

  private static double correction(Arguments a) {
    if (a.has("correction") && a.has("ddof")) {
      throw a.wrong("ddof", "no ddof beside correction, which is the same");
    }
    return a.real("correction", a.real("ddof", 0));
  }

  private void creation() {
    define("arange(start, stop=, step=, dtype=)", Functions::arange);
    define(
        "linspace(start, stop, num=, endpoint=, dtype=)",
        a ->
            new Array(
                a.engine()
                    .linspace(
                        a.real("start", 0),
                        a.real("stop", 0),
                        a.whole("num", 50),
                        a.flag("endpoint", true),
                        a.dtype(DType.FLOAT64))));
    define(
        "zeros(shape, dtype=)",
        a -> new Array(a.engine().zeros(a.shape("shape"), a.dtype(DType.FLOAT64))));
    define(
        "ones(shape, dtype=)",
        a -> new Array(a.engine().ones(a.shape("shape"), a.dtype(DType.FLOAT64))));
    define("full(shape, fill_value, dtype=)", a -> full(a, a.shape("shape"), Optional.empty()));
    define(
        "zeros_like(x, dtype=)",
        a -> new Array(a.engine().zeros(a.array("x").shape(), a.dtype(a.array("x").dtype()))));
    define(
        "ones_like(x, dtype=)",
        a -> new Array(a.engine().ones(a.array("x").shape(), a.dtype(a.array("x").dtype()))));
    define(
        "full_like(x, fill_value, dtype=)",
        a -> full(a, a.array("x").shape(), Optional.of(a.array("x").dtype())));
    define(
        "eye(n_rows, n_cols=, k=, dtype=)",
        a -> {
          long rows = a.whole("n_rows", 0);
          return new Array(
              a.engine()
                  .eye(rows, a.whole("n_cols", rows), a.whole("k", 0), a.dtype(DType.FLOAT64)));
        });
  }

  private static Value full(Arguments a, Shape shape, Optional<DType> like) {
    Plain value = a.plain("fill_value");
    NDArray scalar = Scalars.alone(a.engine(), value);
    DType dtype = a.dtype(like.orElse(scalar.dtype()));
    if (dtype != scalar.dtype()) {
      scalar = Scalars.beside(a.engine().zeros(Shape.of(), dtype), a.engine(), value);
    }
    return new Array(scalar.broadcastTo(shape));
  }

  private static Value arange(Arguments a) {
    boolean one = !a.has("stop");
    if (a.isWhole("start") && a.isWhole("stop") && a.isWhole("step")) {
      long start = one ? 0 : a.whole("start", 0);
      long stop = one ? a.whole("start", 0) : a.whole("stop", 0);
      return new Array(a.engine().arange(start, stop, a.whole("step", 1), a.dtype(DType.INT64)));
    }
    double start = one ? 0 : a.real("start", 0);
    double stop = one ? a.real("start", 0) : a.real("stop", 0);
    return new Array(a.engine().arange(start, stop, a.real("step", 1), a.dtype(DType.FLOAT64)));
  }

  private static Value clip(Arguments a) {
    NDArray x = a.array("x");
    if (a.has("min")) {
      List<NDArray> both = a.together(List.of(new Array(x), a.operand("min")));
      x = both.getFirst().maximum(both.getLast());
    }
    if (a.has("max")) {
      List<NDArray> both = a.together(List.of(new Array(x), a.operand("max")));
      x = both.getFirst().minimum(both.getLast());
    }
    return new Array(x);
  }

  // How functions are defined

  /** Defines a function by its signature; a parameter that ends in = is optional. */
  private void define(String signature, Function.Body body) {
    String name = signature.substring(0, signature.indexOf('('));
    if (functions.put(name, new Defined(signature, body)) != null) {
      throw new AssertionError("two functions " + name);
    }
  }

  private static Function function(String name, Defined defined) {
    String signature = defined.signature();
    List<String> parameters =
        List.of(signature.substring(name.length() + 1, signature.length() - 1).split(", "));
    List<String> required = parameters.stream().filter(p -> !p.endsWith("=")).toList();
    List<String> optional =
        parameters.stream()
            .filter(p -> p.endsWith("="))
            .map(p -> p.substring(0, p.length() - 1))
            .toList();
    return new Function(name, required, optional, defined.body());
  }

  /** Defines a function that tells None from an argument not given. */
  private void defaulted(String parameter, Value value, String signature, Function.Body body) {
    define(signature, a -> body.apply(a.orElse(parameter, value)));
  }

  /** A function of one array of floating-point numbers. */
  private void real(UnaryOperator<NDArray> function, String... names) {
    unary(true, function, names);
  }

  /** A function of one array, whose dtype decides. */
  private void any(UnaryOperator<NDArray> function, String... names) {
    unary(false, function, names);
  }

  private void unary(boolean real, UnaryOperator<NDArray> function, String... names) {
    for (String name : names) {
      define(
          name + "(x)",
          a ->
              switch (a.operand("x")) {
                case Plain x -> Scalars.plain(function.apply(number(a, real, x)));
                case Value _ -> new Array(function.apply(a.array("x")));
              });
    }
  }

  private void binary(boolean real, BinaryOperator<NDArray> function, String... names) {
    for (String name : names) {
      define(
          name + "(x1, x2)",
          a -> {
            Value x1 = a.operand("x1");
            Value x2 = a.operand("x2");
            if (x1 instanceof Plain p1 && x2 instanceof Plain p2) {
              boolean reals = real || p1 instanceof Real || p2 instanceof Real;
              return Scalars.plain(function.apply(number(a, reals, p1), number(a, reals, p2)));
            }
            List<NDArray> both = a.together(List.of(x1, x2));
            return new Array(function.apply(both.getFirst(), both.getLast()));
          });
    }
  }

  private static NDArray number(Arguments a, boolean real, Plain value) {
    return real ? Scalars.real(a.engine(), value) : Scalars.alone(a.engine(), value);
  }

  /** What an operator does: Python's arithmetic on plain numbers, the array function otherwise. */
  private void operator(Operator operator, BinaryOperator<NDArray> function, String... synonyms) {
    Function.Body body =
        a -> {
          Value x1 = a.operand("x1");
          Value x2 = a.operand("x2");
          if (x1 instanceof Plain p1 && x2 instanceof Plain p2) {
            return Numbers.binary(a.column(), operator, p1, p2);
          }
          // A power known beforehand may be a square.
          if (operator == Operator.POW
              && x1 instanceof Array(NDArray base)
              && x2 instanceof Int(long power)) {
            return new Array(base.pow(power));
          }
          if (operator == Operator.POW
              && x1 instanceof Array(NDArray base)
              && x2 instanceof Real(double power)) {
            return new Array(base.pow(power));
          }
          List<NDArray> both = a.together(List.of(x1, x2));
          return new Array(function.apply(both.getFirst(), both.getLast()));
        };
    define(operator.function() + "(x1, x2)", body);
    for (String synonym : synonyms) {
      define(synonym + "(x1, x2)", body);
    }
  }

  private void reduction(BiFunction<NDArray, Axes, NDArray> function, String... names) {
    for (String name : names) {
      define(
          name + "(x, axis=, keepdims=)", a -> new Array(function.apply(a.array("x"), a.axes())));
    }
  }

  private void typedReduction(String name, BiFunction<NDArray, Axes, NDArray> function) {
    define(
        name + "(x, axis=, dtype=, keepdims=)", a -> result(a, function.apply(typed(a), a.axes())));
  }

  /** Levenshtein's distance: how many letters to insert, remove or replace. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    Arrays.setAll(previous, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
