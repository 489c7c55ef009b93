/**
 * What to compute: the interned graph of {@link dev.kiln.graph.Node}s, each an {@link
 * dev.kiln.graph.Op} with inputs, dtype and shape.
 *
 * <p>It knows dtypes, shapes, buffers (at its leaves), and by name the reductions and the
 * elementary functions, and nothing of how a graph is computed.
 */
@NullMarked
package dev.kiln.graph;

import org.jspecify.annotations.NullMarked;
