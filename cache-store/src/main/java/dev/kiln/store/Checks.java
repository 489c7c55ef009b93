package dev.kiln.store;

/** When the bytes of an entry are read and compared with its checksum. Sizes always are. */
public enum Checks {
  /** Each time an entry is used. */
  ALWAYS,
  /** The first time that a store uses an entry which it did not write itself. */
  FIRST_USE,
  /** Never. */
  NEVER
}
