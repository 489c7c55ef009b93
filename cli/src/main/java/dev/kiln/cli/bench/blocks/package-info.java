/**
 * How fast a file larger than the engine's memory is worked through: {@link
 * dev.kiln.cli.bench.blocks.BlocksBench} for {@code kiln bench blocks}. It sees the public API
 * alone.
 */
@NullMarked
package dev.kiln.cli.bench.blocks;

import org.jspecify.annotations.NullMarked;
