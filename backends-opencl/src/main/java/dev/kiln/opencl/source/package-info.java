/**
 * Kernels and routines as OpenCL C text. It knows the kernel language and no device, so its texts
 * are tested without one.
 *
 * <p>Start at {@link dev.kiln.opencl.source.Renderer}; {@code Operation} has the one switch over
 * operations, {@link dev.kiln.opencl.source.Argument} what a launch must bring. {@code MatMulText},
 * {@code CumulativeText} and {@code SortText} are the routines' programs.
 */
@NullMarked
package dev.kiln.opencl.source;

import org.jspecify.annotations.NullMarked;
