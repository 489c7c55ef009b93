/**
 * From graph to kernels: what each node of a scheduled step becomes as loops and instructions.
 *
 * <p>{@link dev.kiln.lower.Expansion} says which instructions an element-wise function is made of.
 */
@NullMarked
package dev.kiln.lower;

import org.jspecify.annotations.NullMarked;
