package dev.kiln.store;

import dev.kiln.KilnException;
import java.time.Duration;

/**
 * What a store may grow to. Where a limit is exceeded, entries go until a tenth of it is free.
 *
 * @param bytes of all entries together
 * @param entries their number
 * @param age since an entry was made
 */
public record Limits(long bytes, long entries, Duration age) {
  /** No limits. */
  public static final Limits NONE =
      new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofSeconds(Long.MAX_VALUE));

  /**
   * Checks the numbers.
   *
   * @throws KilnException where one is negative
   */
  public Limits {
    if (bytes < 0 || entries < 0 || age.isNegative()) {
      throw new KilnException(
          "limits of "
              + bytes
              + " bytes, "
              + entries
              + " entries and "
              + age
              + "; none may be negative");
    }
  }

  /** The same with another limit of bytes. */
  public Limits withBytes(long limit) {
    return new Limits(limit, entries, age);
  }

  /** The same with another limit of entries. */
  public Limits withEntries(long limit) {
    return new Limits(bytes, limit, age);
  }

  /** The same with another limit of age. */
  public Limits withAge(Duration limit) {
    return new Limits(bytes, entries, limit);
  }
}
