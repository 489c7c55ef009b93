package dev.kiln.spi;

import dev.kiln.KilnException;
import java.util.List;

/** Makes a backend known; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** The backend's name. */
  String name();

  /** Whether it can run here, and if not, why and what to do. */
  Availability availability();

  /** Opens the backend for one engine. */
  Backend open(Workers workers, Memory memory);

  /**
   * The devices that users can choose among, the one taken by default first; none where the backend
   * runs on nothing but the machine itself.
   */
  default List<Device> devices() {
    return List.of();
  }

  /**
   * This backend on one of its devices.
   *
   * @param device what stands after the colon in {@code opencl:1}: a number, a kind, or a part of a
   *     name
   * @throws KilnException where there is no such device; the message lists them
   */
  default BackendProvider on(String device) {
    throw new KilnException(
        "backend '"
            + name()
            + "' has no devices to choose from, given '"
            + name()
            + ":"
            + device
            + "'; write '"
            + name()
            + "'");
  }
}
