package dev.kiln.jmh;

import java.util.Arrays;
import java.util.Optional;

/** What is calculated. {@link Reference} defines each by plain loops over doubles. */
public enum Workload {
  /** {@code 2.5 x + y} */
  TRIAD,
  /** Horner's rule of degree 8. */
  POLYNOMIAL,
  /** The price of a European call, the normal distribution by tanh, which everybody has. */
  BLACK_SCHOLES,
  /** {@code exp x} */
  EXP,

  /** Of all elements. */
  SUM,
  /** {@code sqrt(sum((x − y)²))} */
  NORM_DISTANCE,
  /** Mean and population variance of all elements, both. */
  MEAN_VARIANCE,
  /** Of each row, its maximum subtracted first. */
  SOFTMAX_ROWS,
  /** Along axis 1: one sum for each row. */
  SUM_ROWS,
  /** Along axis 0: one sum for each column. */
  SUM_COLUMNS,

  /** Of two vectors. */
  DOT,
  /** A square matrix with a vector. */
  MATRIX_VECTOR,
  /** Of two square matrices. */
  MATRIX_PRODUCT,

  /** Running sums. */
  CUMULATIVE_SUM,
  /** Ascending, the input left as it is. */
  SORT,

  /** Five operations: {@code sqrt(x·x + y·y) · 0.5}. */
  HALF_HYPOTENUSE,
  /** The same where the expression was written down before, and is only computed. */
  HALF_HYPOTENUSE_BUILT;

  /** The workload of a benchmark method: {@code softmaxRows} is {@link #SOFTMAX_ROWS}. */
  static Optional<Workload> ofMethod(String method) {
    return Arrays.stream(values())
        .filter(workload -> workload.name().replace("_", "").equalsIgnoreCase(method))
        .findFirst();
  }
}
