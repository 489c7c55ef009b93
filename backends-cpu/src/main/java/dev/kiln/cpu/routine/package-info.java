/**
 * The CPU's own routines: operations that are no loop nests, in plain Java with the Vector API.
 *
 * <p>A routine is a {@link dev.kiln.spi.RoutineExecutable} that shares its work among the engine's
 * workers; what is done to a strip of elements or a tile is behind a small interface, once in
 * scalar code and once with vectors, whose classes are loaded only where the Vector API is there.
 * {@link dev.kiln.cpu.routine.Hot} lets the scalar one serve until the JIT compiler has made the
 * other fast. It sees the kernel language's routines, the SPI and {@code dev.kiln.cpu.heat},
 * nothing else of the backend. Start at {@code Routines}.
 */
@NullMarked
package dev.kiln.cpu.routine;

import org.jspecify.annotations.NullMarked;
