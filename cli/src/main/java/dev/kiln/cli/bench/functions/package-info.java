/**
 * Kiln's elementary functions beside the JVM's vector maths, {@link java.lang.Math}, NumPy and JAX.
 *
 * <p>{@link dev.kiln.cli.bench.functions.Subject} says which functions and on what arguments,
 * {@link dev.kiln.cli.bench.functions.FunctionBench} lets them run in alternation, {@link
 * dev.kiln.cli.bench.functions.Figure} is what comes out.
 */
@NullMarked
package dev.kiln.cli.bench.functions;

import org.jspecify.annotations.NullMarked;
