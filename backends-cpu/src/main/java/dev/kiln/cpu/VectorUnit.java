package dev.kiln.cpu;

/**
 * What vectors this JVM computes with.
 *
 * @param bytes of the widest vector; 0 where there are none
 * @param reason why there are none, with the cure; empty where there are some
 */
record VectorUnit(int bytes, String reason) {
  private static final String MODULE = "jdk.incubator.vector";

  /** Looks at the running JVM. */
  static VectorUnit detect() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new VectorUnit(
          0, "the module " + MODULE + " is absent; start java with --add-modules " + MODULE);
    }
    return new VectorUnit(PreferredWidth.bytes(), "");
  }

  boolean isPresent() {
    return bytes > 0;
  }

  String describe() {
    return isPresent() ? bytes * 8 + "-bit vectors" : "scalar code: " + reason;
  }
}
