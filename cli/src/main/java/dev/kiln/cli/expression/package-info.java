/**
 * The language of {@code kiln eval}: Python's expressions over arrays.
 *
 * <p>{@link dev.kiln.cli.expression.Lexer} makes tokens, {@link dev.kiln.cli.expression.Parser} an
 * {@link dev.kiln.cli.expression.Expr}, {@link dev.kiln.cli.expression.Evaluator} a {@link
 * dev.kiln.cli.expression.Value}. A function is one line in {@link
 * dev.kiln.cli.expression.Functions}. Nothing here reads files or prints.
 */
@NullMarked
package dev.kiln.cli.expression;

import org.jspecify.annotations.NullMarked;
