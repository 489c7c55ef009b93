/**
 * The OpenCL backend: kernels as OpenCL C, on any device that has a driver.
 *
 * <p>It knows {@code dev.kiln.kernel} and {@code dev.kiln.spi}. {@link
 * dev.kiln.opencl.OpenClProvider} finds devices, {@code OpenClBackend} holds what an engine needs
 * of one, {@code OpenClExecutable} launches, {@code Programs} compiles and {@code BinaryFiles}
 * keeps what was compiled; {@code dev.kiln.opencl.source} makes the text, of which {@code Grain}
 * chooses the one that suits a launch. {@code Cut} and {@code Slices} take a launch through a
 * device that has no room for its arrays, {@code Copies} keeps those that it has room for. {@code
 * RoutineProgram} follows the plans that {@code dev.kiln.opencl.routine} makes of routines. {@code
 * ForeignKernels}, {@code ForeignCheck} and {@code ForeignRun} take kernels of users' own, which
 * {@code dev.kiln.opencl.own} lets them write.
 */
@NullMarked
package dev.kiln.opencl;

import org.jspecify.annotations.NullMarked;
