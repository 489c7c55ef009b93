/**
 * Results on disk: a folder of entries that are mapped when they are wanted again.
 *
 * <p>{@link dev.kiln.store.Store} is what engines and users see. {@code Folder} knows where things
 * lie and makes entries appear and vanish, {@code Entry} is what stands beside the data, {@code
 * KeyLocks} lets one compute while others wait, {@code Evictor} keeps to the limits, {@link
 * dev.kiln.store.Hashing} says what identifies bytes. It knows {@code dev.kiln.spi} and the
 * vocabulary, and neither graphs nor kernels. {@code docs/store.md} describes the files.
 */
@NullMarked
package dev.kiln.store;

import org.jspecify.annotations.NullMarked;
