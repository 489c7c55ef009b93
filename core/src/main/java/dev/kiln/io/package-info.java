/**
 * Files and text of arrays: NumPy's {@code .npy} and {@code .npz} formats, files of values with
 * arrays in them, files that appear whole or not at all, and printing.
 *
 * <p>It knows dtypes, shapes, memory segments and where a buffer's bytes come from, never the
 * graph. Start at {@link dev.kiln.io.NpyFile}; {@link dev.kiln.io.Value} is what {@link
 * dev.kiln.io.ValueFile} holds. A file is data and is never trusted: every size it claims is
 * checked against the length it has.
 */
@NullMarked
package dev.kiln.io;

import org.jspecify.annotations.NullMarked;
