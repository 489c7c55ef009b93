/**
 * Elementary functions.
 *
 * <p>The frequent ones are composites: formulas over {@link dev.kiln.kernel.Body.Value}s made of
 * operations that IEEE 754 rounds correctly, so that every backend computes the same bits ({@link
 * dev.kiln.kernel.function.Exponential}, {@link dev.kiln.kernel.function.Logarithm}, {@link
 * dev.kiln.kernel.function.Hyperbolic}, {@link dev.kiln.kernel.function.Trigonometric}, {@link
 * dev.kiln.kernel.function.Rounding}). The others are calls to {@link
 * dev.kiln.kernel.function.Library}. The polynomials' coefficients come from {@code
 * tools/fit-polynomials.py}.
 */
@NullMarked
package dev.kiln.kernel.function;

import org.jspecify.annotations.NullMarked;
