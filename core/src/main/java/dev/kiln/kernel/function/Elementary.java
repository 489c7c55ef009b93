package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The elementary functions of float32 and float64, each with its one definition. The interpreter
 * evaluates these instructions, backends compile them: nobody defines a function twice.
 */
@SuppressWarnings("ImmutableEnumChecker") // References to methods hold nothing.
public enum Elementary {
  ACOS(Arcsine::acos),
  ACOSH(InverseHyperbolic::acosh),
  ASIN(Arcsine::asin),
  ASINH(InverseHyperbolic::asinh),
  ATAN(Arctangent::atan),
  ATAN2(Arctangent::atan2),
  ATANH(InverseHyperbolic::atanh),
  CBRT(Roots::cbrt),
  COS(Trigonometric::cos),
  COSH(HyperbolicSine::cosh),
  ERF(ErrorFunction::erf),
  ERFC(ErrorFunctionComplement::erfc),
  EXP(Exponential::exp),
  EXP2(Exponentials::exp2),
  EXPM1(Exponentials::expm1),
  HYPOT(Roots::hypot),
  LOG(Logarithm::log),
  LOG1P(Logarithms::log1p),
  LOG2(Logarithms::log2),
  LOG10(Logarithms::log10),
  LOGADDEXP(Logistic::logaddexp),
  NORMAL_CDF(ErrorFunctionComplement::normalCdf),
  POW(Power::pow),
  RSQRT(Roots::rsqrt),
  SIGMOID(Logistic::sigmoid),
  SIN(Trigonometric::sin),
  SINH(HyperbolicSine::sinh),
  SOFTPLUS(Logistic::softplus),
  TAN(Trigonometric::tan),
  TANH(Hyperbolic::tanh),

  // Cheaper forms, in place of those without the prefix.
  RELAXED_ATAN(Relaxed::atan),
  RELAXED_LOG10(Relaxed::log10),
  RELAXED_LOG2(Relaxed::log2),
  RELAXED_SIGMOID(Relaxed::sigmoid);

  private final int arity;
  private final BinaryOperator<Value> definition;

  Elementary(UnaryOperator<Value> definition) {
    this.arity = 1;
    this.definition = (x, y) -> definition.apply(x);
  }

  Elementary(BinaryOperator<Value> definition) {
    this.arity = 2;
    this.definition = definition;
  }

  /** The number of arguments. */
  public int arity() {
    return arity;
  }

  /** The function's instructions on the arguments, all of one dtype, which is the result's. */
  public Value apply(List<Value> arguments) {
    if (arguments.size() != arity) {
      throw new AssertionError(this + " takes " + arity + " arguments");
    }
    return definition.apply(arguments.getFirst(), arguments.getLast());
  }
}
