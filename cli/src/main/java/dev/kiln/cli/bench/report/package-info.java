/**
 * Results as a page with pictures. {@link dev.kiln.cli.bench.report.Report} writes it, {@link
 * dev.kiln.cli.bench.report.Charts} draws.
 */
@NullMarked
package dev.kiln.cli.bench.report;

import org.jspecify.annotations.NullMarked;
