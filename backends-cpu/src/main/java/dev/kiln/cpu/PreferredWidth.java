package dev.kiln.cpu;

import jdk.incubator.vector.VectorShape;

/** The one class that names the Vector API; it is loaded only where the API is there. */
final class PreferredWidth {
  private PreferredWidth() {}

  static int bytes() {
    return VectorShape.preferredShape().vectorBitSize() / 8;
  }
}
