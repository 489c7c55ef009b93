package dev.kiln.cli.bench.workload;

/**
 * The least that a workload must do: each array read or written once.
 *
 * @param reads elements
 * @param writes elements
 * @param flops additions, multiplications, divisions, roots; a function counts as those of its
 *     definition
 */
public record Work(double reads, double writes, double flops) {}
