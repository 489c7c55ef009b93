/**
 * Off-heap memory for an engine: {@link dev.kiln.memory.SlabPool} hands out recycled blocks, under
 * a limit, and takes them back when they are released or when nobody can reach them any more.
 *
 * <p>It knows {@code dev.kiln.spi} and nothing of graphs or kernels.
 */
@NullMarked
package dev.kiln.memory;

import org.jspecify.annotations.NullMarked;
