package dev.kiln.cli.bench.functions;

import dev.kiln.NDArray;
import dev.kiln.graph.ElementOp;
import dev.kiln.kernel.function.Elementary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.VectorOperators;

/**
 * An elementary function, the arguments that it usually gets, and who else in this JVM computes it.
 *
 * @param x the first argument
 * @param y the second argument; drawn for functions of one argument too, and not used there
 * @param vector the Vector API's operator, which calls SVML where the JVM has it
 * @param math the same by {@link Math}, in double
 */
public record Subject(
    Elementary function,
    Span x,
    Span y,
    BinaryOperator<NDArray> kiln,
    Optional<VectorOperators.Operator> vector,
    Optional<DoubleBinaryOperator> math) {

  /** Every elementary function of Kiln that has a name for users. */
  public static List<Subject> all() {
    return Arrays.stream(Elementary.values()).map(Subject::of).flatMap(Optional::stream).toList();
  }

  /** The name as on the command line: {@code log1p}. */
  public String name() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  /** Whether relaxed engines have a cheaper form of it. */
  public boolean canRelax() {
    ElementOp op = ElementOp.valueOf(function.name());
    return op.relaxed() != op;
  }

  static Optional<Subject> of(Elementary function) {
    return switch (function) {
      case ACOS -> one(function, -1, 1, NDArray::acos, VectorOperators.ACOS, Math::acos);
      case ACOSH -> alone(function, 1, 10, NDArray::acosh);
      case ASIN -> one(function, -1, 1, NDArray::asin, VectorOperators.ASIN, Math::asin);
      case ASINH -> alone(function, -10, 10, NDArray::asinh);
      case ATAN -> one(function, -10, 10, NDArray::atan, VectorOperators.ATAN, Math::atan);
      case ATAN2 ->
          two(function, -10, 10, -10, 10, NDArray::atan2, VectorOperators.ATAN2, Math::atan2);
      case ATANH -> alone(function, -0.95, 0.95, NDArray::atanh);
      case CBRT -> one(function, -100, 100, NDArray::cbrt, VectorOperators.CBRT, Math::cbrt);
      case COS -> one(function, -10, 10, NDArray::cos, VectorOperators.COS, Math::cos);
      case COSH -> one(function, -5, 5, NDArray::cosh, VectorOperators.COSH, Math::cosh);
      case ERF -> alone(function, -3, 3, NDArray::erf);
      case ERFC -> alone(function, -3, 3, NDArray::erfc);
      case EXP -> one(function, -10, 10, NDArray::exp, VectorOperators.EXP, Math::exp);
      case EXP2 -> alone(function, -10, 10, NDArray::exp2);
      case EXPM1 -> one(function, -2, 2, NDArray::expm1, VectorOperators.EXPM1, Math::expm1);
      case HYPOT ->
          two(function, -100, 100, -100, 100, NDArray::hypot, VectorOperators.HYPOT, Math::hypot);
      case LOG -> one(function, 0.01, 100, NDArray::log, VectorOperators.LOG, Math::log);
      case LOG1P -> one(function, -0.5, 10, NDArray::log1p, VectorOperators.LOG1P, Math::log1p);
      case LOG2 -> alone(function, 0.01, 100, NDArray::log2);
      case LOG10 -> one(function, 0.01, 100, NDArray::log10, VectorOperators.LOG10, Math::log10);
      case LOGADDEXP ->
          Optional.of(
              new Subject(
                  function,
                  new Span(-8, 8),
                  new Span(-8, 8),
                  NDArray::logAddExp,
                  Optional.empty(),
                  Optional.empty()));
      case NORMAL_CDF -> alone(function, -5, 5, NDArray::normalCdf);
      case POW -> two(function, 0.1, 10, -3, 3, NDArray::pow, VectorOperators.POW, Math::pow);
      case RSQRT -> alone(function, 0.01, 100, NDArray::rsqrt);
      case SIGMOID -> alone(function, -8, 8, NDArray::sigmoid);
      case SIN -> one(function, -10, 10, NDArray::sin, VectorOperators.SIN, Math::sin);
      case SINH -> one(function, -5, 5, NDArray::sinh, VectorOperators.SINH, Math::sinh);
      case SOFTPLUS -> alone(function, -8, 8, NDArray::softplus);
      case TAN -> one(function, -10, 10, NDArray::tan, VectorOperators.TAN, Math::tan);
      case TANH -> one(function, -5, 5, NDArray::tanh, VectorOperators.TANH, Math::tanh);
      // Engines put them in the place of the plain functions.
      case RELAXED_ATAN, RELAXED_LOG10, RELAXED_LOG2, RELAXED_SIGMOID -> Optional.empty();
    };
  }

  private static Optional<Subject> one(
      Elementary function,
      double low,
      double high,
      UnaryOperator<NDArray> kiln,
      VectorOperators.Unary vector,
      DoubleUnaryOperator math) {
    return Optional.of(
        new Subject(
            function,
            new Span(low, high),
            new Span(low, high),
            (x, _) -> kiln.apply(x),
            Optional.of(vector),
            Optional.of((x, _) -> math.applyAsDouble(x))));
  }

  private static Optional<Subject> two(
      Elementary function,
      double low,
      double high,
      double yLow,
      double yHigh,
      BinaryOperator<NDArray> kiln,
      VectorOperators.Binary vector,
      DoubleBinaryOperator math) {
    return Optional.of(
        new Subject(
            function,
            new Span(low, high),
            new Span(yLow, yHigh),
            kiln,
            Optional.of(vector),
            Optional.of(math)));
  }

  /** A function that neither the Vector API nor Math has. */
  private static Optional<Subject> alone(
      Elementary function, double low, double high, UnaryOperator<NDArray> kiln) {
    return Optional.of(
        new Subject(
            function,
            new Span(low, high),
            new Span(low, high),
            (x, _) -> kiln.apply(x),
            Optional.empty(),
            Optional.empty()));
  }
}
