/**
 * How time grows with the number of elements, and with the number of operations: {@link
 * dev.kiln.cli.bench.scaling.ScalingBench} for {@code kiln bench scaling}. It sees the public API
 * alone.
 */
@NullMarked
package dev.kiln.cli.bench.scaling;

import org.jspecify.annotations.NullMarked;
