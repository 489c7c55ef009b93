/**
 * Functions whose results are kept: {@link dev.kiln.memo.Memory} gives a function that looks for
 * its result in a {@link dev.kiln.store.Store} before it computes.
 *
 * <p>A key is what the function is ({@code Implementation} finds it behind a lambda), what its code
 * does ({@code CodeDigest}), and what its arguments are ({@code ValueDigest}). {@link
 * dev.kiln.memo.MemoisedFunction} puts them together.
 */
@NullMarked
package dev.kiln.memo;

import org.jspecify.annotations.NullMarked;
