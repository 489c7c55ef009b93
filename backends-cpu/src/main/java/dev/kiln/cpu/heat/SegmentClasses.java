package dev.kiln.cpu.heat;

import java.lang.foreign.MemorySegment;

/**
 * The JVM's classes of memory segments. Compiled code counts on there being no other than those
 * that were in use when it was compiled, and is thrown away with the first of another class: every
 * loop of a program at once, and each boxes its vectors until it is compiled anew.
 */
final class SegmentClasses {
  private SegmentClasses() {}

  /** Has them all in use, so that none comes later. */
  static void initialise() {
    initialise(MemorySegment.class);
  }

  private static void initialise(Class<?> type) {
    try {
      Class.forName(type.getName(), true, type.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("a class that is there", e);
    }
    Class<?>[] permitted = type.getPermittedSubclasses();
    if (permitted != null) {
      for (Class<?> subclass : permitted) {
        initialise(subclass);
      }
    }
  }
}
