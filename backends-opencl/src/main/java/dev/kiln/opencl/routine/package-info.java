/**
 * The OpenCL backend's own routines: operations that are no loop nests, as plans of calls.
 *
 * <p>A {@link dev.kiln.opencl.routine.Plans} has a program's text, which is {@code
 * dev.kiln.opencl.source}'s, and says for each launch which functions are called with what. It
 * knows the kernel language's routines and the SPI's launches but no device, which the backend
 * brings.
 */
@NullMarked
package dev.kiln.opencl.routine;

import org.jspecify.annotations.NullMarked;
