/**
 * All that a plug-in sees besides the kernel language: {@link dev.kiln.spi.Backend} and what it is
 * given.
 *
 * <p>It knows kernels and dtypes, never the graph. A new backend implements {@link
 * dev.kiln.spi.BackendProvider}, a store {@link dev.kiln.spi.ResultStore}.
 */
@NullMarked
package dev.kiln.spi;

import org.jspecify.annotations.NullMarked;
