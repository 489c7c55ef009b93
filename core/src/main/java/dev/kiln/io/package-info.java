/**
 * Files and text of arrays: NumPy's {@code .npy} format, files that appear whole or not at all, and
 * printing.
 *
 * <p>It knows dtypes, shapes and memory segments, never the graph. Start at {@link
 * dev.kiln.io.NpyFile}. A file is data and is never trusted: every size it claims is checked
 * against the length it has.
 */
@NullMarked
package dev.kiln.io;

import org.jspecify.annotations.NullMarked;
