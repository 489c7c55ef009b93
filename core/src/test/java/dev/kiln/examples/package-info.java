/** The examples that documentation shows. They are compiled and run as tests. */
@NullMarked
package dev.kiln.examples;

import org.jspecify.annotations.NullMarked;
