package dev.kiln.cli.bench.functions;

/**
 * What one contender took in one round.
 *
 * @param who such as {@code kiln} or {@code svml}
 * @param large seconds of a call on all elements
 * @param small seconds of a call on few
 */
record Lap(String who, double large, double small) {}
