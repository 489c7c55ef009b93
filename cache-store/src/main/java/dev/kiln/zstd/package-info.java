/**
 * Compression of dumped arrays: {@link dev.kiln.zstd.Zstandard}. It knows blocks of bytes, never
 * files or arrays.
 */
@NullMarked
package dev.kiln.zstd;

import org.jspecify.annotations.NullMarked;
