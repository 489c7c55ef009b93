package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import java.lang.classfile.TypeKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * The panels of a {@link PanelLoop}, and their way from and to memory; for one thread at a time.
 */
final class Panels {
  private final Object[] panels;

  /** Narrow elements on their way to and from ints. */
  private final byte[] bytes;

  private final short[] shorts;

  /** Makes panels of the given kinds. */
  Panels(List<TypeKind> kinds, int size) {
    this.bytes = new byte[size];
    this.shorts = new short[size];
    this.panels = new Object[kinds.size()];
    for (int p = 0; p < panels.length; p++) {
      panels[p] = panel(kinds.get(p), size);
    }
  }

  /** A panel by itself. */
  static Object panel(TypeKind kind, int size) {
    return switch (kind) {
      case INT -> new int[size];
      case LONG -> new long[size];
      case FLOAT -> new float[size];
      case DOUBLE -> new double[size];
      default -> throw new AssertionError("no panel of " + kind);
    };
  }

  Object get(int panel) {
    return panels[panel];
  }

  /** Makes all elements equal; the bits are in the form of {@link Bits}. */
  void fill(int panel, DType dtype, long bits) {
    switch (Carrier.of(dtype)) {
      case BYTE, SHORT, INT -> Arrays.fill((int[]) panels[panel], (int) bits);
      case LONG -> Arrays.fill((long[]) panels[panel], bits);
      case FLOAT -> Arrays.fill((float[]) panels[panel], Bits.toFloat(bits));
      case DOUBLE -> Arrays.fill((double[]) panels[panel], Bits.toDouble(bits));
    }
  }

  /** Whether any of the first n elements of a bool is true. */
  boolean any(int panel, int n) {
    int[] bools = (int[]) panels[panel];
    int any = 0;
    for (int i = 0; i < n; i++) {
      any |= bools[i];
    }
    return any != 0;
  }

  /** Reads elements from memory. */
  void load(int panel, DType dtype, long address, int n) {
    MemorySegment all = Raw.ALL;
    switch (Carrier.of(dtype)) {
      case BYTE -> {
        MemorySegment.copy(all, ValueLayout.JAVA_BYTE, address, bytes, 0, n);
        widen((int[]) panels[panel], dtype, n);
      }
      case SHORT -> {
        MemorySegment.copy(all, ValueLayout.JAVA_SHORT_UNALIGNED, address, shorts, 0, n);
        int mask = dtype.isUnsigned() ? 0xffff : -1;
        int[] ints = (int[]) panels[panel];
        for (int i = 0; i < n; i++) {
          ints[i] = shorts[i] & mask;
        }
      }
      case INT -> copyIn(ValueLayout.JAVA_INT_UNALIGNED, address, panel, n);
      case LONG -> copyIn(ValueLayout.JAVA_LONG_UNALIGNED, address, panel, n);
      case FLOAT -> copyIn(ValueLayout.JAVA_FLOAT_UNALIGNED, address, panel, n);
      case DOUBLE -> copyIn(ValueLayout.JAVA_DOUBLE_UNALIGNED, address, panel, n);
    }
  }

  private void copyIn(ValueLayout layout, long address, int panel, int n) {
    MemorySegment.copy(Raw.ALL, layout, address, panels[panel], 0, n);
  }

  private void widen(int[] ints, DType dtype, int n) {
    if (dtype == DType.BOOL) {
      for (int i = 0; i < n; i++) {
        ints[i] = bytes[i] != 0 ? 1 : 0;
      }
    } else {
      int mask = dtype.isUnsigned() ? 0xff : -1;
      for (int i = 0; i < n; i++) {
        ints[i] = bytes[i] & mask;
      }
    }
  }

  /** Writes elements to memory. */
  void store(int panel, DType dtype, long address, int n) {
    switch (Carrier.of(dtype)) {
      case BYTE -> {
        int[] ints = (int[]) panels[panel];
        for (int i = 0; i < n; i++) {
          bytes[i] = (byte) ints[i];
        }
        MemorySegment.copy(bytes, 0, Raw.ALL, ValueLayout.JAVA_BYTE, address, n);
      }
      case SHORT -> {
        int[] ints = (int[]) panels[panel];
        for (int i = 0; i < n; i++) {
          shorts[i] = (short) ints[i];
        }
        MemorySegment.copy(shorts, 0, Raw.ALL, ValueLayout.JAVA_SHORT_UNALIGNED, address, n);
      }
      case INT -> copyOut(panel, ValueLayout.JAVA_INT_UNALIGNED, address, n);
      case LONG -> copyOut(panel, ValueLayout.JAVA_LONG_UNALIGNED, address, n);
      case FLOAT -> copyOut(panel, ValueLayout.JAVA_FLOAT_UNALIGNED, address, n);
      case DOUBLE -> copyOut(panel, ValueLayout.JAVA_DOUBLE_UNALIGNED, address, n);
    }
  }

  private void copyOut(int panel, ValueLayout layout, long address, int n) {
    MemorySegment.copy(panels[panel], 0, Raw.ALL, layout, address, n);
  }
}
