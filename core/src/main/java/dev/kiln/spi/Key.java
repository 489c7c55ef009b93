package dev.kiln.spi;

import dev.kiln.KilnException;

/**
 * What a result is kept under: 64 lower-case hexadecimal digits and nothing else, so that a key may
 * be part of a file's name.
 */
public record Key(String hex) implements Comparable<Key> {
  private static final int DIGITS = 64;

  /**
   * Checks the digits.
   *
   * @throws KilnException where they are not 64 lower-case hexadecimal ones
   */
  public Key {
    if (!isKey(hex)) {
      throw new KilnException(
          "'"
              + hex.codePoints()
                  .limit(80)
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              + "' is no key; expected 64 lower-case hexadecimal digits");
    }
  }

  /** Whether a text is a key. */
  public static boolean isKey(String text) {
    return text.length() == DIGITS
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  @Override
  public int compareTo(Key other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
