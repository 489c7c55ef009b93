/**
 * Elementary functions.
 *
 * <p>Each is a composite: a formula over {@link dev.kiln.kernel.Body.Value}s made of operations
 * that IEEE 754 rounds correctly, so that every backend computes the same bits. {@link
 * dev.kiln.kernel.function.Elementary} lists them; there is a file for each family. For the few
 * arguments that a composite leaves over there is {@link dev.kiln.kernel.function.Library}. The
 * polynomials' coefficients come from {@code tools/fit-polynomials.py}.
 */
@NullMarked
package dev.kiln.kernel.function;

import org.jspecify.annotations.NullMarked;
