/**
 * The contract that every backend keeps: the same bits as the interpreter, whatever the graph.
 *
 * <p>A backend's test is a small subclass of {@link dev.kiln.contract.BackendContract} that says
 * how graphs are evaluated.
 */
@NullMarked
package dev.kiln.contract;

import org.jspecify.annotations.NullMarked;
