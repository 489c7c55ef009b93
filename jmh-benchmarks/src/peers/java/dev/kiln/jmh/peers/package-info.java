/**
 * Other libraries as contenders, each in one class, written as their own documentation has it. Only
 * in builds with {@code -Ppeers}.
 */
@NullMarked
package dev.kiln.jmh.peers;

import org.jspecify.annotations.NullMarked;
