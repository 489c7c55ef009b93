/**
 * Kernels of users' own, in OpenCL C, on Kiln's arrays.
 *
 * <p>It sees the face and describes kernels; the backend compiles and launches them, and knows
 * nothing of this package. Start at {@link dev.kiln.opencl.own.OpenClKernel}; {@link
 * dev.kiln.opencl.own.OpenClMap} and {@link dev.kiln.opencl.own.OpenClReduction} write the kernel
 * around an expression.
 */
@NullMarked
package dev.kiln.opencl.own;

import org.jspecify.annotations.NullMarked;
