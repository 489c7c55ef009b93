package dev.kiln.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/** Makes hidden classes that implement {@link Loop}, and what the two emitters share. */
final class LoopClass {
  static final ClassDesc SEGMENT = ClassDesc.of(MemorySegment.class.getName());
  static final ClassDesc LAYOUT = ClassDesc.of(ValueLayout.class.getName());
  private static final ClassDesc RAW = ClassDesc.of(Raw.class.getName());
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_int, CD_long.arrayType(), CD_int, CD_int);

  /** The slots of {@link Loop#run}'s arguments, and the first free one. */
  static final int ARGUMENTS = 1;

  static final int FROM = 2;
  static final int TO = 3;
  static final int FIRST_FREE = 4;

  private LoopClass() {}

  /** The class's name, for its own static fields. */
  static ClassDesc name(String form) {
    return ClassDesc.of(LoopClass.class.getPackageName() + "." + form + "Code");
  }

  /**
   * Defines a class and makes its one instance.
   *
   * @param statics adds static fields and their initialiser; may do nothing
   * @param run writes the method's code
   */
  static Loop define(ClassDesc name, Consumer<ClassBuilder> statics, Consumer<CodeBuilder> run) {
    return EmittedClass.define(name, Loop.class, RUN, statics, run);
  }

  /** Pushes how far behind the first block's lanes those of an index's block are, in bytes. */
  static void lanesOf(CodeBuilder code, int index) {
    code.iload(index)
        .loadConstant(Integer.numberOfTrailingZeros(Lanes.BLOCK))
        .ishr()
        .loadConstant(Lanes.BYTES)
        .imul()
        .i2l();
  }

  /** Pushes {@link Raw#ALL}. */
  static void allOfMemory(CodeBuilder code) {
    code.getstatic(RAW, "ALL", SEGMENT);
  }

  /** Pushes one of the arguments. */
  static void argument(CodeBuilder code, int index) {
    code.aload(ARGUMENTS).loadConstant(index).laload();
  }

  /** Pushes the layout of a stored element. */
  static ClassDesc layout(CodeBuilder code, Carrier carrier) {
    ClassDesc layout = ClassDesc.of(ValueLayout.class.getName() + "$Of" + carrier.word);
    String field = "JAVA_" + carrier.name() + (carrier == Carrier.BYTE ? "" : "_UNALIGNED");
    code.getstatic(LAYOUT, field, layout);
    return layout;
  }
}
