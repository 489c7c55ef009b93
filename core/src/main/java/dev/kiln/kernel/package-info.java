/**
 * How to compute: {@link dev.kiln.kernel.Kernel}, a loop nest over a linear body of {@link
 * dev.kiln.kernel.Instr}s, and what each instruction means ({@code ScalarMeaning}).
 *
 * <p>This is what backends translate. It knows dtypes and nothing of graphs, buffers or backends.
 * Start at {@code Kernel}, then {@code Opcode}; {@code KernelText} prints a kernel.
 */
@NullMarked
package dev.kiln.kernel;

import org.jspecify.annotations.NullMarked;
