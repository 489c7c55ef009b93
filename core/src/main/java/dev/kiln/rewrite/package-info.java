/**
 * Simplifies a graph without changing a bit of any result.
 *
 * <p>{@link dev.kiln.rewrite.Passes} is the table of contents; each {@link dev.kiln.rewrite.Pass}
 * is a list of {@link dev.kiln.rewrite.Rule}s, grouped into a file for each subject and named by
 * the law that it applies; {@link dev.kiln.rewrite.Rewriter} is the one driver that applies them.
 * It knows the graph and, for folding constants, the interpreter, and nothing of kernels' lowering
 * or of backends.
 *
 * <p>A rule must keep every bit for every input. Two traps: −0.0, and NaNs, whose payload survives
 * data movement but not arithmetic (see {@code Canonical}).
 */
@NullMarked
package dev.kiln.rewrite;

import org.jspecify.annotations.NullMarked;
