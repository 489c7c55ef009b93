package dev.kiln.cpu;

import java.lang.constant.ClassDesc;

/** What emitted code names of the Vector API. */
final class VectorApi {
  private static final String API = "jdk.incubator.vector.";
  static final ClassDesc VECTOR = ClassDesc.of(API + "Vector");
  static final ClassDesc MASK = ClassDesc.of(API + "VectorMask");
  static final ClassDesc SPECIES = ClassDesc.of(API + "VectorSpecies");
  static final ClassDesc SHUFFLE = ClassDesc.of(API + "VectorShuffle");
  static final ClassDesc SHAPE = ClassDesc.of(API + "VectorShape");
  static final ClassDesc OPERATORS = ClassDesc.of(API + "VectorOperators");
  static final ClassDesc UNARY = ClassDesc.of(API + "VectorOperators$Unary");
  static final ClassDesc BINARY = ClassDesc.of(API + "VectorOperators$Binary");
  static final ClassDesc ASSOCIATIVE = ClassDesc.of(API + "VectorOperators$Associative");
  static final ClassDesc TERNARY = ClassDesc.of(API + "VectorOperators$Ternary");
  static final ClassDesc COMPARISON = ClassDesc.of(API + "VectorOperators$Comparison");
  static final ClassDesc CONVERSION = ClassDesc.of(API + "VectorOperators$Conversion");

  private VectorApi() {}

  /** The class of vectors of such lanes. */
  static ClassDesc vector(Carrier carrier) {
    return ClassDesc.of(API + carrier.word + "Vector");
  }
}
