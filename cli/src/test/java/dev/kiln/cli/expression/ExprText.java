package dev.kiln.cli.expression;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An expression's tree as text, in prefix form. */
final class ExprText {
  private ExprText() {}

  static String of(@Nullable Expr expr) {
    return switch (expr) {
      case null -> "_";
      case Expr.Literal literal ->
          switch (literal.value()) {
            case Value.Int(long x) -> Long.toString(x);
            case Value.Real(double x) -> Double.toString(x);
            case Value.Bool(boolean x) -> Boolean.toString(x);
            case Value.Text(String x) -> "'" + x + "'";
            case Value other -> other.toString();
          };
      case Expr.Name name -> name.name();
      case Expr.Unary unary -> "(" + unary.symbol() + " " + of(unary.operand()) + ")";
      case Expr.Binary binary ->
          "("
              + binary.operator().symbol()
              + " "
              + of(binary.left())
              + " "
              + of(binary.right())
              + ")";
      case Expr.Call call -> call.function() + arguments(call.arguments());
      case Expr.Method method ->
          of(method.target()) + "." + method.function() + arguments(method.arguments());
      case Expr.Attribute attribute -> of(attribute.target()) + "." + attribute.name();
      case Expr.Index index -> of(index.target()) + list(index.items());
      case Expr.Range range -> of(range.start()) + ":" + of(range.stop()) + ":" + of(range.step());
      case Expr.Sequence sequence -> list(sequence.items());
    };
  }

  private static String list(List<Expr> items) {
    return items.stream().map(ExprText::of).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String arguments(List<Expr.Argument> arguments) {
    return arguments.stream()
        .map(a -> (a.keyword() == null ? "" : a.keyword() + "=") + of(a.value()))
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
