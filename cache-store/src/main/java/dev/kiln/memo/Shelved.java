package dev.kiln.memo;

import dev.kiln.spi.Key;
import org.jspecify.annotations.Nullable;

/** A result that is kept, without holding it. */
public final class Shelved {
  private final MemoisedFunction function;
  private final Key key;
  private final @Nullable Object held;
  private final boolean isHeld;

  Shelved(MemoisedFunction function, Key key) {
    this(function, key, null, false);
  }

  private Shelved(MemoisedFunction function, Key key, @Nullable Object held, boolean isHeld) {
    this.function = function;
    this.key = key;
    this.held = held;
    this.isHeld = isHeld;
  }

  static Shelved holding(MemoisedFunction function, Key key, @Nullable Object value) {
    return new Shelved(function, key, value, true);
  }

  /** What it is kept under. */
  public Key key() {
    return key;
  }

  /**
   * The result, loaded now.
   *
   * @throws dev.kiln.KilnException where it was evicted or cleared meanwhile
   */
  public @Nullable Object get() {
    return isHeld ? held : function.load(key);
  }

  @Override
  public String toString() {
    return "result " + key + " of " + function.name() + (isHeld ? ", held" : ", kept");
  }
}
