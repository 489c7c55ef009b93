/**
 * What elementary functions should give: an oracle of some 85 bits, fast enough for a billion
 * values.
 *
 * <p>{@link dev.kiln.oracle.Reference} lists the functions, with the errors allowed and the
 * arguments that are hard; {@link dev.kiln.oracle.Arguments} draws arguments; {@link
 * dev.kiln.oracle.Exact} measures errors. It is compared with a library of big decimals by {@code
 * OracleTest}, and knows nothing of composites but their names.
 */
@NullMarked
package dev.kiln.oracle;

import org.jspecify.annotations.NullMarked;
