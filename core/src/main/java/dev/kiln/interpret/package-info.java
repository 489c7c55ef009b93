/**
 * What every operation of a graph means: a slow, plain evaluation, element by element, that all
 * backends must match bit by bit.
 *
 * <p>It shares nothing with lowering but the composites of {@code dev.kiln.kernel.function}, which
 * define the elementary functions once. It knows graphs, scalars' bits and buffers; no backend, no
 * schedule. Start at {@link dev.kiln.interpret.Interpreter}; {@link
 * dev.kiln.interpret.ElementMeaning} defines the element-wise functions, {@code ReduceMeaning} the
 * canonical orders of reductions, {@code ViewMeaning} the index maps.
 */
@NullMarked
package dev.kiln.interpret;

import org.jspecify.annotations.NullMarked;
