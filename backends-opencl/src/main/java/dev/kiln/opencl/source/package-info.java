/**
 * Kernels and routines as OpenCL C text. It knows the kernel language and no device, so its texts
 * are tested without one.
 *
 * <p>Start at {@link dev.kiln.opencl.source.Renderer}; {@code Operation} has the one switch over
 * operations, {@link dev.kiln.opencl.source.Argument} what a launch must bring, {@link
 * dev.kiln.opencl.source.Form} which texts a kernel may have: {@code StoreText}, {@code ReduceText}
 * and {@code ColumnText} for processors, {@code PointText} and {@code TeamText} for GPUs, {@code
 * TileText} for both. {@code MatMulText}, {@code CumulativeText}, {@code SortText} and {@code
 * FourierText} are the routines' programs, {@code CumulativeGroupText} and {@code SortGroupText}
 * what GPUs have of them.
 */
@NullMarked
package dev.kiln.opencl.source;

import org.jspecify.annotations.NullMarked;
