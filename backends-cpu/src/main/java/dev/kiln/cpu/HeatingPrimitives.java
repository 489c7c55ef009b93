package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.cpu.heat.Heatable;
import dev.kiln.kernel.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The usual primitives being heated. The JIT compiler makes quick code of them in the first round
 * and vector code from then on; more or longer calls would have it compile each a second time, to
 * be entered in the middle.
 */
final class HeatingPrimitives implements Heatable {
  private static final List<DType> DTYPES =
      List.of(DType.FLOAT32, DType.INT32, DType.FLOAT64, DType.INT64);
  private static final int CALLS = 1100;
  private static final int ELEMENTS = 16;
  private static final int ROUNDS = 10;
  private static final long REST_NANOS = 100_000_000;

  private final Primitives primitives;
  private final List<Primitives.Operation> operations = new ArrayList<>();

  /** Those that combine elements in folds, whose turn is after the operations'. */
  private final List<Primitives.Operation> folds = new ArrayList<>();

  private int next;

  HeatingPrimitives(Primitives primitives) {
    this.primitives = primitives;
    for (DType dtype : DTYPES) {
      for (Opcode op : Opcode.values()) {
        switch (op.group()) {
          case ARITHMETIC -> {
            if (dtype.isFloat() || !List.of(Opcode.DIV, Opcode.FMA, Opcode.SQRT).contains(op)) {
              add(op, dtype, dtype);
            }
          }
          case BITWISE -> {
            if (!dtype.isFloat()) {
              add(op, dtype, dtype);
            }
          }
          case COMPARE -> add(op, DType.BOOL, dtype);
          case CHOICE -> {
            if (op == Opcode.SELECT) {
              operations.add(
                  new Primitives.Operation(op, dtype, List.of(DType.BOOL, dtype, dtype)));
            }
          }
          case CONVERSION -> {
            for (DType from : DTYPES) {
              if (op == Opcode.CAST && from != dtype) {
                add(op, dtype, from);
              }
            }
          }
          case INTEGER_DIVISION, LIBRARY -> {}
        }
      }
      for (Opcode op : List.of(Opcode.ADD, Opcode.MIN, Opcode.MAX)) {
        folds.add(new Primitives.Operation(op, dtype, List.of(dtype, dtype)));
      }
    }
    add(Opcode.SHR, DType.UINT32, DType.UINT32);
    add(Opcode.SHR, DType.UINT64, DType.UINT64);
    for (Opcode op : List.of(Opcode.AND, Opcode.OR, Opcode.NOT)) {
      add(op, DType.BOOL, DType.BOOL);
    }
  }

  private void add(Opcode op, DType type, DType argument) {
    operations.add(new Primitives.Operation(op, type, Collections.nCopies(op.arity(), argument)));
  }

  @Override
  public boolean exercise() {
    boolean fold = next >= operations.size();
    Primitives.Operation operation =
        fold ? folds.get(next - operations.size()) : operations.get(next);
    CompiledPrimitive primitive =
        fold ? primitives.fold(operation.op(), operation.type()) : primitives.of(operation);
    Object[] panels = new Object[4];
    for (int k = 0; k < 3; k++) {
      List<DType> arguments = operation.arguments();
      DType dtype = arguments.get(Math.min(k, arguments.size() - 1));
      panels[k] = varied(Carrier.of(dtype).kind, k);
    }
    panels[3] = Panels.panel(Carrier.of(operation.type()).kind, ELEMENTS);
    for (int call = 0; call < CALLS; call++) {
      primitive.run(panels[0], panels[1], panels[2], panels[3], ELEMENTS);
    }
    next = (next + 1) % (operations.size() + folds.size());
    return next == 0;
  }

  /**
   * Zeros and ones, in each combination with the other arguments': a comparison or choice that has
   * only ever gone one way the compiler takes for certain, and compiles again later.
   */
  private static Object varied(TypeKind kind, int argument) {
    Object panel = Panels.panel(kind, ELEMENTS);
    for (int i = 0; i < ELEMENTS; i++) {
      Array.setByte(panel, i, (byte) (i >> argument & 1));
    }
    return panel;
  }

  @Override
  public int quietRounds() {
    return ROUNDS;
  }

  @Override
  public long rest() {
    return REST_NANOS;
  }

  /** They never allocate; what is counted is panels. */
  @Override
  public long tolerated() {
    return Long.MAX_VALUE;
  }

  @Override
  public void finish() {
    // Everybody uses them as they are.
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
