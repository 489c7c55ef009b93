package dev.kiln.io;

import dev.kiln.spi.Workers;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;

/**
 * What compressed arrays are read with.
 *
 * @param memory gives memory, and refuses more than there may be
 * @param workers inflate blocks
 */
public record Unpacking(LongFunction<MemorySegment> memory, Workers workers) {}
