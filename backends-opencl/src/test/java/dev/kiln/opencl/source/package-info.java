/** Texts are compared with golden files; none of these tests needs a device. */
package dev.kiln.opencl.source;
