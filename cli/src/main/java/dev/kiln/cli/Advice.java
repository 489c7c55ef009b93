package dev.kiln.cli;

import dev.kiln.KilnException;
import picocli.CommandLine;

/** What the library advises its callers, in words for the command line. */
final class Advice {
  private static final String LIMIT = "Engine.builder().memoryLimit(bytes)";

  private Advice() {}

  /** The message of a failure, for those who ran that command. */
  static String translate(KilnException failure, CommandLine command) {
    String message = String.valueOf(failure.getMessage());
    boolean hasLimit = command.getCommandSpec().optionsMap().containsKey("--memory");
    return hasLimit ? message.replace(LIMIT, "--memory") : message;
  }
}
