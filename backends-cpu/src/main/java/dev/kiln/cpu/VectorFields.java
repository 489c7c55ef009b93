package dev.kiln.cpu;

import static dev.kiln.cpu.VectorApi.MASK;
import static dev.kiln.cpu.VectorApi.SHAPE;
import static dev.kiln.cpu.VectorApi.SHUFFLE;
import static dev.kiln.cpu.VectorApi.SPECIES;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/**
 * The static final fields of a class of vector code: the species of its vectors, their classes, and
 * shuffles. From anywhere else they box.
 *
 * @param lanes of every vector
 * @param folded the lane types that need shuffles, to be folded into one lane
 */
record VectorFields(int lanes, Set<Carrier> folded) {
  /** The class that has them. */
  static final ClassDesc CLASS = LoopClass.name("Vector");

  /** End the names of the fields with the classes of a lane type's vectors and masks. */
  private static final String TYPE = "Class";

  private static final String MASK_TYPE = "MaskClass";

  /** Ends the name of a field with the shuffle that takes each lane from so many lanes above. */
  private static final String ABOVE = "Above";

  private static final int CONSTANT =
      ClassFile.ACC_STATIC | ClassFile.ACC_FINAL | ClassFile.ACC_PRIVATE;

  /** Whether there are vectors of so many such lanes. */
  boolean hasSpecies(Carrier carrier) {
    int bytes = carrier.bytes * lanes;
    return bytes >= 8 && bytes <= 64;
  }

  /** A lane type that has a species, for masks that come from nowhere else. */
  Carrier maskHome() {
    for (Carrier carrier : Carrier.values()) {
      if (hasSpecies(carrier)) {
        return carrier;
      }
    }
    throw new AssertionError("no vectors of " + lanes + " lanes");
  }

  /** Adds them to the class, and their initialiser. */
  void define(ClassBuilder builder) {
    for (Carrier carrier : Carrier.values()) {
      if (hasSpecies(carrier)) {
        builder.withField(carrier.word, SPECIES, CONSTANT);
        builder.withField(carrier.word + TYPE, CD_Class, CONSTANT);
        builder.withField(carrier.word + MASK_TYPE, CD_Class, CONSTANT);
      }
      for (int h = lanes / 2; folded.contains(carrier) && h > 0; h /= 2) {
        builder.withField(carrier.word + ABOVE + h, SHUFFLE, CONSTANT);
      }
    }
    builder.withMethodBody(
        CLASS_INIT_NAME,
        MTD_void,
        ClassFile.ACC_STATIC,
        code -> {
          for (Carrier carrier : Carrier.values()) {
            if (hasSpecies(carrier)) {
              code.getstatic(
                      ClassDesc.of(
                          "java.lang." + (carrier == Carrier.INT ? "Integer" : carrier.word)),
                      "TYPE",
                      CD_Class)
                  .loadConstant(carrier.bytes * lanes * 8)
                  .invokestatic(SHAPE, "forBitSize", MethodTypeDesc.of(SHAPE, CD_int))
                  .invokestatic(SPECIES, "of", MethodTypeDesc.of(SPECIES, CD_Class, SHAPE), true)
                  .dup()
                  .dup()
                  .putstatic(CLASS, carrier.word, SPECIES)
                  .invokeinterface(SPECIES, "vectorType", MethodTypeDesc.of(CD_Class))
                  .putstatic(CLASS, carrier.word + TYPE, CD_Class)
                  .loadConstant(0)
                  .invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean))
                  .invokevirtual(CD_Object, "getClass", MethodTypeDesc.of(CD_Class))
                  .putstatic(CLASS, carrier.word + MASK_TYPE, CD_Class);
            }
            for (int h = lanes / 2; folded.contains(carrier) && h > 0; h /= 2) {
              code.getstatic(CLASS, carrier.word, SPECIES)
                  .loadConstant(h)
                  .loadConstant(1)
                  .loadConstant(1)
                  .invokestatic(
                      SHUFFLE,
                      "iota",
                      MethodTypeDesc.of(SHUFFLE, SPECIES, CD_int, CD_int, CD_boolean))
                  .putstatic(CLASS, carrier.word + ABOVE + h, SHUFFLE);
            }
          }
          code.return_();
        });
  }

  /** Pushes a species. */
  static void species(CodeBuilder code, Carrier carrier) {
    code.getstatic(CLASS, carrier.word, SPECIES);
  }

  /** Pushes the class of vectors, or of their masks. */
  static void type(CodeBuilder code, Carrier carrier, boolean mask) {
    code.getstatic(CLASS, carrier.word + (mask ? MASK_TYPE : TYPE), CD_Class);
  }

  /** Pushes the shuffle that takes each lane from that many lanes above. */
  static void above(CodeBuilder code, Carrier carrier, int distance) {
    code.getstatic(CLASS, carrier.word + ABOVE + distance, SHUFFLE);
  }
}
