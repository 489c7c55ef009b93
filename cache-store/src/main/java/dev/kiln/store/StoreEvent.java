package dev.kiln.store;

import dev.kiln.spi.Key;
import java.time.Duration;

/** What happened in a store. */
public sealed interface StoreEvent {
  /** Under which key. */
  Key key();

  /**
   * An entry was used.
   *
   * @param bytes of its data
   * @param took to find and map it
   * @param saved what it took to compute
   */
  record Hit(Key key, long bytes, Duration took, Duration saved) implements StoreEvent {}

  /** An entry was wanted, was not there, and somebody is about to compute it. */
  record Miss(Key key) implements StoreEvent {}

  /**
   * An entry was written.
   *
   * @param bytes of its data
   * @param took to write it
   * @param computed what it took to compute
   */
  record Stored(Key key, long bytes, Duration took, Duration computed) implements StoreEvent {}

  /**
   * A value was not kept.
   *
   * @param reason the limits, or what went wrong
   */
  record NotStored(Key key, String reason) implements StoreEvent {}

  /**
   * An entry was removed to keep to the limits, or since its function no longer takes it.
   *
   * @param bytes of its data
   */
  record Evicted(Key key, long bytes) implements StoreEvent {}

  /**
   * An entry was damaged and put aside.
   *
   * @param reason what is wrong with it
   */
  record Quarantined(Key key, String reason) implements StoreEvent {}
}
