/**
 * The CPU's own routines: operations that are no loop nests, in plain Java with the Vector API.
 *
 * <p>A routine is a {@link dev.kiln.spi.RoutineExecutable} that shares its work among the engine's
 * workers; what is done to a strip of elements or a tile is behind a small interface, once in
 * scalar code and once with vectors, whose classes are loaded only where the Vector API is there.
 * {@link dev.kiln.cpu.routine.Hot} lets the scalar one serve until the JIT compiler has made the
 * other fast. A loop over vectors calls methods of the Vector API alone, which are compiled in
 * place in any case; a method of ours that takes or returns a vector may be left a call, and then
 * makes objects of vectors for good. It sees the kernel language's routines, the SPI and {@code
 * dev.kiln.cpu.heat}, nothing else of the backend. Start at {@code Routines}.
 */
@NullMarked
package dev.kiln.cpu.routine;

import org.jspecify.annotations.NullMarked;
