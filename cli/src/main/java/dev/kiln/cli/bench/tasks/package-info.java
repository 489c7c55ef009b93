/**
 * What a task costs by itself: {@link dev.kiln.cli.bench.tasks.TaskBench} for {@code kiln bench
 * tasks}. It sees the public API alone.
 */
@NullMarked
package dev.kiln.cli.bench.tasks;

import org.jspecify.annotations.NullMarked;
