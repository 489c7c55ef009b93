package dev.kiln.memory;

import dev.kiln.KilnException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Memory from the operating system, by its own functions.
 *
 * <p>Why not {@code Arena.allocate}: it fills what it gives with zeros in 4 KiB pages, which costs
 * more than most kernels that write the result. Here pages are mapped lazily, aligned to 2 MiB, and
 * huge pages are asked for.
 */
final class SystemPages {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_LINUX = 0x22;
  private static final int MAP_PRIVATE_ANONYMOUS_MAC = 0x1002;
  private static final int MADV_HUGEPAGE = 14;

  private final MethodHandle mmap;
  private final MethodHandle munmap;
  private final Optional<MethodHandle> madvise;
  private final int mapFlags;

  SystemPages() {
    Linker linker = Linker.nativeLinker();
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    mapFlags = linux ? MAP_PRIVATE_ANONYMOUS_LINUX : MAP_PRIVATE_ANONYMOUS_MAC;
    mmap =
        handle(
            linker,
            "mmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    munmap =
        handle(
            linker,
            "munmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    madvise =
        linux
            ? Optional.of(
                handle(
                    linker,
                    "madvise",
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT)))
            : Optional.empty();
  }

  /** Maps that many bytes, a multiple of {@link Pages#PAGE}, at an address that is one too. */
  long map(long bytes) {
    long wide = bytes + Pages.PAGE;
    long start;
    try {
      start = (long) mmap.invokeExact(0L, wide, PROT_READ_WRITE, mapFlags, -1, 0L);
    } catch (Throwable e) {
      throw new AssertionError("mmap", e);
    }
    if (start == -1) {
      throw new KilnException(
          "the operating system refused "
              + bytes
              + " bytes of memory; free some, or give the engine a smaller memory limit");
    }
    long aligned = (start + Pages.PAGE - 1) / Pages.PAGE * Pages.PAGE;
    if (aligned > start) {
      unmap(start, aligned - start);
    }
    if (start + wide > aligned + bytes) {
      unmap(aligned + bytes, start + wide - aligned - bytes);
    }
    madvise.ifPresent(advise -> askForHugePages(advise, aligned, bytes));
    return aligned;
  }

  /** The machine's memory in bytes. */
  static long physicalBytes() {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    MethodHandle sysconf =
        handle(
            Linker.nativeLinker(),
            "sysconf",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    try {
      long pageCount = (long) sysconf.invokeExact(linux ? 85 : 200);
      long pageBytes = (long) sysconf.invokeExact(linux ? 30 : 29);
      return pageCount * pageBytes;
    } catch (Throwable e) {
      throw new AssertionError("sysconf", e);
    }
  }

  /** Gives mapped memory back. */
  void unmap(long address, long bytes) {
    int result;
    try {
      result = (int) munmap.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw new AssertionError("munmap", e);
    }
    if (result != 0) {
      throw new AssertionError("munmap of " + bytes + " bytes failed");
    }
  }

  /** Only a wish: where huge pages are switched off, small ones serve. */
  private static void askForHugePages(MethodHandle advise, long address, long bytes) {
    try {
      int ignored = (int) advise.invokeExact(address, bytes, MADV_HUGEPAGE);
    } catch (Throwable e) {
      throw new AssertionError("madvise", e);
    }
  }

  private static MethodHandle handle(Linker linker, String name, FunctionDescriptor type) {
    MemorySegment symbol =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(
                () ->
                    new KilnException(
                        "this operating system has no " + name + "; Kiln needs Linux or macOS"));
    return linker.downcallHandle(symbol, type);
  }
}
