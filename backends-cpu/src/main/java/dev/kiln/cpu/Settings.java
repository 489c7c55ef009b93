package dev.kiln.cpu;

import dev.kiln.KilnException;
import dev.kiln.cpu.heat.Heat;

/**
 * How loops come to their vector form.
 *
 * @param vectors {@code AUTO} for as soon as they are hot, {@code ALWAYS} from the first call on,
 *     {@code COLD} for what runs before they are hot, for ever, {@code NEVER} for kernels that are
 *     not even cut for them
 * @param heatAtOnce whether compiling a kernel also waits until its vector code is hot
 */
record Settings(Vectors vectors, boolean heatAtOnce) {
  /** When vector code runs. */
  enum Vectors {
    AUTO,
    ALWAYS,
    COLD,
    NEVER
  }

  /** When vector code runs. */
  Heat.When when() {
    return switch (vectors) {
      case AUTO -> heatAtOnce ? Heat.When.AT_ONCE : Heat.When.BACKGROUND;
      case ALWAYS -> Heat.When.ALWAYS;
      case COLD, NEVER -> Heat.When.NEVER;
    };
  }

  /** From the system properties {@code kiln.cpu.vectors} and {@code kiln.cpu.heat}. */
  static Settings ofProperties() {
    String vectors = System.getProperty("kiln.cpu.vectors", "auto");
    String heat = System.getProperty("kiln.cpu.heat", "background");
    return new Settings(
        switch (vectors) {
          case "auto" -> Vectors.AUTO;
          case "always" -> Vectors.ALWAYS;
          case "cold" -> Vectors.COLD;
          case "never" -> Vectors.NEVER;
          default ->
              throw new KilnException(
                  "kiln.cpu.vectors is '" + vectors + "'; expected auto, always, cold or never");
        },
        switch (heat) {
          case "background" -> false;
          case "sync" -> true;
          default ->
              throw new KilnException(
                  "kiln.cpu.heat is '" + heat + "'; expected background or sync");
        });
  }
}
