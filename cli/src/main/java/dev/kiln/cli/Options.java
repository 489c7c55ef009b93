package dev.kiln.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options as several commands build them. */
final class Options {
  private Options() {}

  /** An option with a value. */
  static OptionSpec.Builder of(Class<?> type, String label, String... names) {
    return OptionSpec.builder(names).type(type).paramLabel(label);
  }

  /** An option that is given or not. */
  static OptionSpec.Builder flag(String name) {
    return OptionSpec.builder(name).type(boolean.class).defaultValue("false");
  }

  /** Adds --help and --version, as picocli's annotation does. */
  static void addStandard(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help message and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit.")
            .build());
  }
}
