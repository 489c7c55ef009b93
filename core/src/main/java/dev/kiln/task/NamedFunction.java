package dev.kiln.task;

/**
 * A function with a name, which a delayed call of it then has; a lambda has none. Explanations,
 * graphs and the paths of failures show it.
 */
public interface NamedFunction {
  /** The name, for people. */
  String functionName();
}
