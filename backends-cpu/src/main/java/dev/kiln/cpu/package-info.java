/**
 * The CPU backend: kernels as Java bytecode, scalar and with the Vector API, made and compiled at
 * run time.
 *
 * <p>A kernel becomes a {@link dev.kiln.cpu.Program}: one or more {@link
 * dev.kiln.cpu.CompiledLoop}s over strips of elements, each emitted by {@link
 * dev.kiln.cpu.ScalarEmitter} and, where it can be, by {@link dev.kiln.cpu.VectorEmitter}. {@link
 * dev.kiln.cpu.CpuExecutable} drives programs over a launch's index space; the reductions are in
 * {@code *Reduction}. Vector code is slow until the JIT compiler has done its work, so {@link
 * dev.kiln.cpu.Heating} warms it in the background while panels ({@link dev.kiln.cpu.PanelLoop})
 * and scalar code serve. It sees kernels and the SPI alone. Start at {@code CpuBackend}.
 */
@NullMarked
package dev.kiln.cpu;

import org.jspecify.annotations.NullMarked;
