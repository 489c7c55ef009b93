package dev.kiln.memo;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The digests of code that was read: class files don't change while they are loaded. */
final class Codes {
  private record Read(Class<?> type, String method, String descriptor, Set<Class<?>> given) {}

  private final Map<Read, CodeDigest> digests = new ConcurrentHashMap<>();

  /** A method's code, together with that of the objects that it works on. */
  CodeDigest of(Implementation implementation, Set<Class<?>> given) {
    Read read =
        new Read(
            implementation.type(),
            implementation.method(),
            implementation.descriptor(),
            Set.copyOf(given));
    return digests.computeIfAbsent(read, key -> CodeDigest.of(implementation, key.given()));
  }
}
