package dev.kiln.opencl.source;

/**
 * An operand that is read against the grain, and copied a tile at a time.
 *
 * @param operand its number
 * @param repeated whether all rows read the same elements; otherwise neighbouring elements lie in
 *     neighbouring rows, as a transposed array's do
 */
public record Tiled(int operand, boolean repeated) {}
