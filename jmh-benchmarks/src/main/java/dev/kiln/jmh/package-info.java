/**
 * JMH benchmarks of Kiln beside other libraries on the JVM, on the same inputs.
 *
 * <p>A {@link dev.kiln.jmh.Suite} has a method for each {@link dev.kiln.jmh.Workload}; its
 * parameter {@code backend} names the {@link dev.kiln.jmh.Contender} that does the work: a backend
 * of Kiln, {@code java} for plain loops, or a library. {@link dev.kiln.jmh.Reference} knows the
 * right answer, and nothing wrong is ever timed. {@link dev.kiln.jmh.Main} runs what exists: not
 * every contender offers every workload.
 *
 * <p>To add a workload: a constant in {@code Workload}, the inputs and the answer that the compiler
 * then asks for, a method in a suite, a line in each contender that has it. To add a library: a
 * {@code Contender} in the source set {@code peers}, named in its {@code META-INF/services}.
 */
@NullMarked
package dev.kiln.jmh;

import org.jspecify.annotations.NullMarked;
