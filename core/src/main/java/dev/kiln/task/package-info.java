/**
 * Users' own functions on the threads that run the kernels: {@link dev.kiln.task.Parallel} maps one
 * over many inputs.
 *
 * <p>A call is a {@link dev.kiln.task.Job}: whoever takes part (the caller, and workers of the
 * {@link dev.kiln.task.Crew} that have nothing else to do) claims inputs in batches and runs them.
 * Start reading there. The room uses the face and the engine's dispatcher; nothing else in core
 * uses it.
 */
@NullMarked
package dev.kiln.task;

import org.jspecify.annotations.NullMarked;
