/**
 * Where to cut the graph into kernels, in which order they run, and the threads and memory they run
 * in.
 *
 * <p>{@link dev.kiln.schedule.Fusion} chooses which values are computed into memory, {@link
 * dev.kiln.schedule.Planner} lowers a kernel for each, or for {@link dev.kiln.schedule.Siblings} at
 * once, {@link dev.kiln.schedule.RowGroup} says which steps can run block of rows by block of rows,
 * {@link dev.kiln.schedule.Devices} chooses the backend of each step, {@link
 * dev.kiln.schedule.Runner} launches them there, each made ready once for all runs, and {@code
 * SideBySide} those of several backends at the same time. {@link dev.kiln.schedule.Recall} stands
 * before all of this where an engine has a store. It knows graphs, lowering and {@code
 * dev.kiln.spi}; it knows no backend and nothing of users' arrays.
 */
@NullMarked
package dev.kiln.schedule;

import org.jspecify.annotations.NullMarked;
