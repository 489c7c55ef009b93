package dev.kiln.memo;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How objects of a type of one's own become something that can be kept: named parts, each an array,
 * a primitive, a string, a list and so on, and back.
 *
 * <pre>{@code
 * new Codec<URI>() {
 *   public Map<String, Object> parts(URI uri) { return Map.of("text", uri.toString()); }
 *   public URI make(Map<String, Object> parts) { return URI.create((String) parts.get("text")); }
 * }
 * }</pre>
 */
public interface Codec<T> {
  /** The parts of an object, always in the same order and by the same names. */
  Map<String, @Nullable Object> parts(T object);

  /** The object of these parts. */
  T make(Map<String, @Nullable Object> parts);
}
