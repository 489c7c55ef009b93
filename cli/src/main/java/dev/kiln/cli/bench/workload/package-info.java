/**
 * The workloads of {@code kiln bench}: each a class that says what goes in, how a user would write
 * it, and what plain Java finds. {@link dev.kiln.cli.bench.workload.Workloads} lists them.
 */
@NullMarked
package dev.kiln.cli.bench.workload;

import org.jspecify.annotations.NullMarked;
