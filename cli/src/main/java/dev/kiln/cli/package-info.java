/**
 * The {@code kiln} command. {@link dev.kiln.cli.Main} is where it starts; each subcommand is a
 * class.
 *
 * <p>It uses the face of Kiln as any program would, and of the backends only whether they can run
 * here.
 */
@NullMarked
package dev.kiln.cli;

import org.jspecify.annotations.NullMarked;
