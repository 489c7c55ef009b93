/** Plans are tested without a device. */
package dev.kiln.opencl.routine;
