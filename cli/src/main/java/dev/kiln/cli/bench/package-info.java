/**
 * What {@code kiln bench} measures and how: warm until steady, in alternation with what it is
 * compared to, and never a time of a wrong answer.
 *
 * <p>{@link dev.kiln.cli.bench.Clock} times calls, {@link dev.kiln.cli.bench.Limits} what the
 * machine can do at all. {@code bench.functions} compares elementary functions with their like.
 */
@NullMarked
package dev.kiln.cli.bench;

import org.jspecify.annotations.NullMarked;
