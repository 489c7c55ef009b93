package dev.kiln.cpu;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;

import dev.kiln.DType;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;

/**
 * The Java type that holds a dtype's elements in memory: bool and unsigned integers share that of
 * their width.
 */
@SuppressWarnings("ImmutableEnumChecker") // Descriptors of classes are immutable.
enum Carrier {
  BYTE(1, "Byte", "B", CD_byte, CD_int, TypeKind.INT),
  SHORT(2, "Short", "S", CD_short, CD_int, TypeKind.INT),
  INT(4, "Int", "I", CD_int, CD_int, TypeKind.INT),
  LONG(8, "Long", "L", CD_long, CD_long, TypeKind.LONG),
  FLOAT(4, "Float", "F", CD_float, CD_float, TypeKind.FLOAT),
  DOUBLE(8, "Double", "D", CD_double, CD_double, TypeKind.DOUBLE);

  final int bytes;

  /** As the Vector API spells it in class names. */
  final String word;

  /** As the Vector API spells it in the names of conversions. */
  final String letter;

  /** In memory. */
  final ClassDesc stored;

  /** In a local variable. */
  final ClassDesc local;

  final TypeKind kind;

  Carrier(int bytes, String word, String letter, ClassDesc stored, ClassDesc local, TypeKind kind) {
    this.bytes = bytes;
    this.word = word;
    this.letter = letter;
    this.stored = stored;
    this.local = local;
    this.kind = kind;
  }

  static Carrier of(DType dtype) {
    return switch (dtype) {
      case BOOL, INT8, UINT8 -> BYTE;
      case INT16, UINT16 -> SHORT;
      case INT32, UINT32 -> INT;
      case INT64, UINT64 -> LONG;
      case FLOAT32 -> FLOAT;
      case FLOAT64 -> DOUBLE;
      case COMPLEX64, COMPLEX128 -> throw new AssertionError("no kernel computes in " + dtype);
    };
  }

  boolean isFloat() {
    return this == FLOAT || this == DOUBLE;
  }
}
