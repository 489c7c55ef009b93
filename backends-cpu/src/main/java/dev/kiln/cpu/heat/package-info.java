/**
 * When vector code is fast: what calls it until the JIT compiler has done its work, and how that is
 * seen. It knows nothing of what the code does. Start at {@link dev.kiln.cpu.heat.Heat}.
 */
@NullMarked
package dev.kiln.cpu.heat;

import org.jspecify.annotations.NullMarked;
