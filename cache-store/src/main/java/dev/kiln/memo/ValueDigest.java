package dev.kiln.memo;

import dev.kiln.io.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A digest of a value, the same for equal ones: kinds, dtypes and shapes count, the order of sets
 * and maps does not, arrays count by their contents.
 */
final class ValueDigest {
  private final Function<Value.Array, byte[]> contents;

  /** Digests that know arrays by what this gives for them. */
  ValueDigest(Function<Value.Array, byte[]> contents) {
    this.contents = contents;
  }

  /** The digest: 32 bytes. */
  byte[] of(Value value) {
    return switch (value) {
      case Value.Nothing() -> sha("nothing");
      case Value.Scalar(Value.Kind kind, long bits) ->
          sha("scalar", bytes(kind.name()), bytes(bits));
      case Value.Text(String text) -> sha("text", bytes(text));
      case Value.Constant(String type, String name) -> sha("constant", bytes(type), bytes(name));
      case Value.Sequence(List<Value> elements) -> sha("list", all(elements));
      case Value.Bag(List<Value> elements) -> sha("set", sorted(all(elements)));
      case Value.Table(List<Value.Pair> pairs) ->
          sha(
              "map",
              sorted(
                  pairs.stream()
                      .map(pair -> sha("pair", of(pair.key()), of(pair.value())))
                      .toArray(byte[][]::new)));
      case Value.Maybe(Optional<Value> inner) ->
          inner.map(x -> sha("present", of(x))).orElseGet(() -> sha("absent"));
      case Value.Structure(String type, List<Value.Field> fields) -> {
        byte[][] parts = new byte[1 + 2 * fields.size()][];
        parts[0] = bytes(type);
        for (int k = 0; k < fields.size(); k++) {
          parts[1 + 2 * k] = bytes(fields.get(k).name());
          parts[2 + 2 * k] = of(fields.get(k).value());
        }
        yield sha("record", parts);
      }
      case Value.Array array ->
          sha(
              array.isPlain() ? "java array" : "array",
              bytes(array.dtype().toString()),
              bytes(array.shape().toString()),
              contents.apply(array));
    };
  }

  private byte[][] all(List<Value> values) {
    return values.stream().map(this::of).toArray(byte[][]::new);
  }

  private static byte[][] sorted(byte[][] digests) {
    Arrays.sort(digests, Arrays::compareUnsigned);
    return digests;
  }

  /** Each part with its length before it, so that no two are written alike. */
  static byte[] sha(String kind, byte[]... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      add(sha, bytes(kind));
      for (byte[] part : parts) {
        add(sha, part);
      }
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static void add(MessageDigest sha, byte[] part) {
    sha.update(bytes(part.length));
    sha.update(part);
  }

  static byte[] bytes(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  /** Every char, since UTF-8 has nothing for half a surrogate pair. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_16BE);
  }
}
