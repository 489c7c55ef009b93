package dev.kiln.schedule.cost;

/**
 * What a step asks of a device.
 *
 * @param bytes read and written, each element counted once
 * @param flops floating-point operations
 * @param float64 whether any of its values is a float64
 * @param footprint the bytes of all arrays that it touches
 */
public record Work(long bytes, long flops, boolean float64, long footprint) {}
