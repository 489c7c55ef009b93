package dev.kiln.cli.expression;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Slice;
import dev.kiln.cli.expression.Value.Array;
import dev.kiln.cli.expression.Value.Int;
import dev.kiln.cli.expression.Value.Plain;
import dev.kiln.cli.expression.Value.Real;
import dev.kiln.cli.expression.Value.Text;
import dev.kiln.cli.expression.Value.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions: plain numbers at once, arrays to delayed arrays. */
public final class Evaluator {
  private static final Map<String, Double> CONSTANTS =
      Map.of("pi", Math.PI, "e", Math.E, "inf", Double.POSITIVE_INFINITY, "nan", Double.NaN);

  /** Known from NumPy, and not there yet. */
  private static final List<String> LATER =
      List.of(
          "argwhere",
          "convolve",
          "diff",
          "dot",
          "einsum",
          "fft",
          "histogram",
          "linalg",
          "median",
          "nonzero",
          "percentile",
          "quantile",
          "searchsorted",
          "take",
          "unique_values");

  private final Engine engine;
  private final Functions functions;
  private final Map<String, Value> inputs;

  /**
   * An evaluator.
   *
   * @param engine of the arrays
   * @param functions that may be called
   * @param inputs by name; they come before constants of the same name
   */
  public Evaluator(Engine engine, Functions functions, Map<String, Value> inputs) {
    this.engine = engine;
    this.functions = functions;
    this.inputs = Map.copyOf(inputs);
  }

  /**
   * The value of an expression; arrays stay delayed.
   *
   * @throws ExpressionException where it has none, with the place
   */
  public Value evaluate(Expr expression) {
    // Chains such as a + b + c + … are as deep as they are long: they are walked, not recursed
    // into.
    Deque<Expr> chain = new ArrayDeque<>();
    for (Expr part = expression; part != null; part = part.first()) {
      chain.push(part);
    }
    Value value = start(chain.pop());
    while (!chain.isEmpty()) {
      value = step(chain.pop(), value);
    }
    return value;
  }

  /** The value of a part that begins a chain. */
  private Value start(Expr part) {
    return switch (part) {
      case Expr.Literal literal -> literal.value();
      case Expr.Name name -> lookup(name);
      case Expr.Call call -> call(call.column(), call.function(), passed(call.arguments()));
      case Expr.Sequence sequence ->
          new Tuple(sequence.items().stream().map(this::evaluate).toList());
      case Expr.Range range ->
          throw ExpressionException.syntax(
              range.column(), "a slice outside of an index", "write it in brackets: x[1:3]");
      case Expr.Unary _, Expr.Binary _, Expr.Method _, Expr.Attribute _, Expr.Index _ ->
          throw new AssertionError("begins no chain: " + part);
    };
  }

  /** The value of a part whose first operand is known. */
  private Value step(Expr part, Value first) {
    return switch (part) {
      case Expr.Unary unary -> unary(unary, first);
      case Expr.Binary binary ->
          call(
              binary.column(),
              binary.operator().function(),
              List.of(
                  new Function.Passed(binary.column(), null, first),
                  new Function.Passed(binary.column(), null, evaluate(binary.right()))));
      case Expr.Method method -> method(method, first);
      case Expr.Attribute attribute -> attribute(attribute, first);
      case Expr.Index index -> index(index, first);
      case Expr.Literal _, Expr.Name _, Expr.Call _, Expr.Sequence _, Expr.Range _ ->
          throw new AssertionError("has no first operand: " + part);
    };
  }

  private Value lookup(Expr.Name name) {
    Value input = inputs.get(name.name());
    if (input != null) {
      return input;
    }
    Double constant = CONSTANTS.get(name.name());
    if (constant != null) {
      return new Real(constant);
    }
    if (Arrays.stream(DType.values()).anyMatch(dtype -> dtype.toString().equals(name.name()))) {
      return new Text(name.name());
    }
    if (functions.find(name.name()).isPresent()) {
      throw ExpressionException.syntax(
          name.column(), "'" + name.name() + "' is a function", "call it: " + name.name() + "(x)");
    }
    if (List.of("np", "numpy", "xp").contains(name.name())) {
      throw ExpressionException.syntax(
          name.column(),
          "unknown name '" + name.name() + "'",
          "write functions without it: sin(x)");
    }
    String known =
        inputs.isEmpty()
            ? "no input is given"
            : "known names: " + String.join(", ", new TreeSet<>(inputs.keySet()));
    throw ExpressionException.syntax(
        name.column(),
        "unknown name '" + name.name() + "'",
        known + "; give it as " + name.name() + "=file.npy");
  }

  private List<Function.Passed> passed(List<Expr.Argument> arguments) {
    List<Function.Passed> passed = new ArrayList<>();
    for (Expr.Argument argument : arguments) {
      passed.add(
          new Function.Passed(argument.column(), argument.keyword(), evaluate(argument.value())));
    }
    return passed;
  }

  private Value call(int column, String name, List<Function.Passed> passed) {
    Function function = functions.find(name).orElseThrow(() -> unknownFunction(column, name));
    try {
      return function.call(engine, column, passed);
    } catch (ExpressionException e) {
      throw e;
    } catch (KilnException e) {
      throw ExpressionException.value(column, e);
    }
  }

  private ExpressionException unknownFunction(int column, String name) {
    if (LATER.contains(name)) {
      return ExpressionException.syntax(
          column, "'" + name + "' is not supported yet", "kiln eval --help lists what is");
    }
    Optional<String> nearest = functions.nearest(name);
    String hint =
        nearest
            .map(known -> "did you mean " + known + "?")
            .orElse("kiln eval --help lists the functions");
    return ExpressionException.syntax(column, "unknown function '" + name + "'", hint);
  }

  /**
   * {@code x.f(a)} is {@code f(x, a)}; where f takes a tuple, {@code x.f(a, b)} is {@code f(x, (a,
   * b))}.
   */
  private Value method(Expr.Method method, Value target) {
    List<Function.Passed> rest = passed(method.arguments());
    boolean tuple = List.of("reshape", "transpose", "permute_dims").contains(method.function());
    if (tuple
        && !rest.isEmpty()
        && rest.stream().allMatch(p -> p.keyword() == null && p.value() instanceof Int)) {
      Value together = new Tuple(rest.stream().map(Function.Passed::value).toList());
      rest = List.of(new Function.Passed(rest.getFirst().column(), null, together));
    }
    List<Function.Passed> all = new ArrayList<>();
    all.add(new Function.Passed(method.column(), null, target));
    all.addAll(rest);
    return call(method.column(), method.function(), all);
  }

  private Value attribute(Expr.Attribute attribute, Value target) {
    if (attribute.name().equals("T")) {
      return call(
          attribute.column(),
          "transpose",
          List.of(new Function.Passed(attribute.column(), null, target)));
    }
    String hint =
        functions.find(attribute.name()).isPresent()
            ? "it is a method: ." + attribute.name() + "()"
            : "only .T is known; the summary shows shapes and dtypes";
    throw ExpressionException.syntax(
        attribute.column(), "unknown attribute '" + attribute.name() + "'", hint);
  }

  private Value unary(Expr.Unary unary, Value operand) {
    if (operand instanceof Plain plain) {
      return switch (unary.symbol()) {
        case '-' -> Numbers.negative(unary.column(), plain);
        case '+' -> Numbers.positive(plain);
        default -> Numbers.invert(unary.column(), plain);
      };
    }
    String function =
        switch (unary.symbol()) {
          case '-' -> "negative";
          case '+' -> "positive";
          default -> "bitwise_invert";
        };
    return call(
        unary.column(), function, List.of(new Function.Passed(unary.column(), null, operand)));
  }

  private Value index(Expr.Index index, Value target) {
    if (!(target instanceof Array(NDArray array))) {
      throw ExpressionException.syntax(
          index.column(), target.describe() + " has no index", "only arrays have one");
    }
    Slice[] pieces = index.items().stream().map(this::piece).toArray(Slice[]::new);
    try {
      return new Array(array.get(pieces));
    } catch (KilnException e) {
      throw ExpressionException.value(index.column(), e);
    }
  }

  private Slice piece(Expr item) {
    if (item instanceof Expr.Range range) {
      Long step = bound(range.step());
      if (step != null && step == 0) {
        throw ExpressionException.syntax(
            range.column(), "the step of a slice is 0", "it must be positive or negative");
      }
      return new Slice.Range(bound(range.start()), bound(range.stop()), step == null ? 1 : step);
    }
    return switch (evaluate(item)) {
      case Int(long place) -> Slice.at(place);
      case Value.Singleton.NONE -> Slice.newAxis();
      case Value.Singleton.ELLIPSIS -> Slice.ellipsis();
      case Array _, Tuple _ ->
          throw ExpressionException.syntax(
              item.column(),
              "arrays and lists as an index are not supported yet",
              "use slices, or where(condition, x, y)");
      case Value other ->
          throw ExpressionException.syntax(
              item.column(),
              other.describe() + " as an index",
              "expected a whole number, a slice, ... or None");
    };
  }

  private @Nullable Long bound(@Nullable Expr bound) {
    if (bound == null) {
      return null;
    }
    return switch (evaluate(bound)) {
      case Int(long place) -> place;
      case Value.Singleton.NONE -> null;
      case Value other ->
          throw ExpressionException.syntax(
              bound.column(), other.describe() + " in a slice", "expected a whole number");
    };
  }
}
