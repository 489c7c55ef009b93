package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/** Polynomials by Horner's rule. */
final class Polynomial {
  private Polynomial() {}

  /** c[0] + x (c[1] + x (c[2] + …)), each step one fma. */
  static Value horner(Value x, double... coefficients) {
    int last = coefficients.length - 1;
    Value sum = x.like(coefficients[last]);
    for (int k = last - 1; k >= 0; k--) {
      sum = sum.fma(x, coefficients[k]);
    }
    return sum;
  }
}
