package dev.kiln.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/** Makes hidden classes of one method and one instance. */
final class EmittedClass {
  private EmittedClass() {}

  /**
   * Defines a class and makes its instance.
   *
   * @param type the interface it implements, whose one method is called run
   * @param signature of that method
   * @param statics adds static fields and their initialiser; may do nothing
   * @param run writes the method's code
   */
  static <T> T define(
      ClassDesc name,
      Class<T> type,
      MethodTypeDesc signature,
      Consumer<ClassBuilder> statics,
      Consumer<CodeBuilder> run) {
    byte[] bytes =
        ClassFile.of()
            .build(
                name,
                builder -> {
                  builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
                  builder.withInterfaceSymbols(ClassDesc.of(type.getName()));
                  builder.withMethodBody(
                      INIT_NAME,
                      MTD_void,
                      0,
                      code ->
                          code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_());
                  statics.accept(builder);
                  builder.withMethodBody("run", signature, ClassFile.ACC_PUBLIC, run);
                });
    try {
      MethodHandles.Lookup hidden = MethodHandles.lookup().defineHiddenClass(bytes, true);
      MethodType none = MethodType.methodType(void.class);
      return type.cast(hidden.findConstructor(hidden.lookupClass(), none).invoke());
    } catch (Throwable e) {
      throw new AssertionError("the emitted class does not load", e);
    }
  }
}
