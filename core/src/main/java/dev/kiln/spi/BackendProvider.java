package dev.kiln.spi;

/** Makes a backend known; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** The backend's name. */
  String name();

  /** Whether it can run here, and if not, why and what to do. */
  Availability availability();

  /** Opens the backend for one engine. */
  Backend open(Workers workers, Memory memory);
}
