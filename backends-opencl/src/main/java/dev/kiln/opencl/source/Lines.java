package dev.kiln.opencl.source;

/** Text in lines, indented by the braces that are open. */
final class Lines {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** Adds a line. */
  void add(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }

  /** Adds a line that a brace follows. */
  void open(String head) {
    add(head.isEmpty() ? "{" : head + " {");
    depth++;
  }

  /** Closes the brace opened last. */
  void close() {
    depth--;
    add("}");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
