/**
 * The face of Kiln: {@link dev.kiln.Kiln} makes arrays, {@link dev.kiln.NDArray} composes delayed
 * operations, {@link dev.kiln.Engine} computes them.
 *
 * <p>{@link dev.kiln.DType}, {@link dev.kiln.Shape} and {@link dev.kiln.KilnException} are the
 * vocabulary that every package may use; the rest of this package is seen by users alone.
 */
@NullMarked
package dev.kiln;

import org.jspecify.annotations.NullMarked;
