/**
 * Whether {@code auto} chooses well: {@link dev.kiln.cli.bench.auto.AutoBench} for {@code kiln
 * bench auto} times it beside every fixed choice. It sees the public API alone.
 */
@NullMarked
package dev.kiln.cli.bench.auto;

import org.jspecify.annotations.NullMarked;
