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

  /** The same, to copy from and to. */
  private final MemorySegment[] memory;

  /** What the elements of a panel were last made to be, where nothing else is written to it. */
  private final long[] filled;

  private final boolean[] isFilled;

  /** Narrow elements on their way to and from ints. */
  private final byte[] bytes;

  private final short[] shorts;

  /** Makes panels of the given kinds. */
  Panels(List<TypeKind> kinds, int size) {
    this.bytes = new byte[size];
    this.shorts = new short[size];
    this.panels = new Object[kinds.size()];
    this.memory = new MemorySegment[panels.length];
    this.filled = new long[panels.length];
    this.isFilled = new boolean[panels.length];
    for (int p = 0; p < panels.length; p++) {
      panels[p] = panel(kinds.get(p), size);
      memory[p] = memory(panels[p]);
    }
  }

  private static MemorySegment memory(Object panel) {
    return switch (panel) {
      case int[] ints -> MemorySegment.ofArray(ints);
      case long[] longs -> MemorySegment.ofArray(longs);
      case float[] floats -> MemorySegment.ofArray(floats);
      case double[] doubles -> MemorySegment.ofArray(doubles);
      default -> throw new AssertionError("no panel: " + panel);
    };
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

  /**
   * Makes all elements equal; the bits are in the form of {@link Bits}. Nothing else may be written
   * to such a panel.
   */
  void fill(int panel, DType dtype, long bits) {
    if (isFilled[panel] && filled[panel] == bits) {
      return;
    }
    filled[panel] = bits;
    isFilled[panel] = true;
    switch (Carrier.of(dtype)) {
      case BYTE, SHORT, INT -> Arrays.fill((int[]) panels[panel], (int) bits);
      case LONG -> Arrays.fill((long[]) panels[panel], bits);
      case FLOAT -> Arrays.fill((float[]) panels[panel], Bits.toFloat(bits));
      case DOUBLE -> Arrays.fill((double[]) panels[panel], Bits.toDouble(bits));
    }
  }

  /** Copies the first bytes of one panel to another. */
  void move(int from, int to, long bytes) {
    MemorySegment.copy(memory[from], 0, memory[to], 0, bytes);
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
      case INT, LONG, FLOAT, DOUBLE ->
          MemorySegment.copy(all, address, memory[panel], 0, (long) n * dtype.bytes());
    }
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
      case INT, LONG, FLOAT, DOUBLE ->
          MemorySegment.copy(memory[panel], 0, Raw.ALL, address, (long) n * dtype.bytes());
    }
  }
}
