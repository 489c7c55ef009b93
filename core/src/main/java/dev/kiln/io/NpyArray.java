package dev.kiln.io;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.spi.Origin;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * An array as a file holds it.
 *
 * @param dtype of the elements
 * @param shape of the array, whatever the order of its elements
 * @param data the elements: off-heap, read-only, dense, in native byte order, perhaps unaligned;
 *     row-major, unless {@code fortranOrder}
 * @param fortranOrder whether the first axis runs fastest: then {@code data} is the row-major array
 *     of the reversed shape, and the array is its transpose
 * @param origin the file whose bytes {@code data} is, where they were not converted
 */
public record NpyArray(
    DType dtype, Shape shape, MemorySegment data, boolean fortranOrder, Optional<Origin> origin) {}
