/**
 * How fast results are kept, found, dumped and loaded: {@link dev.kiln.cli.bench.store.StoreBench}.
 */
@NullMarked
package dev.kiln.cli.bench.store;

import org.jspecify.annotations.NullMarked;
