package dev.kiln.memo;

import dev.kiln.KilnException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a function's arguments are called where it was written: class files tell it to debuggers,
 * unless they were compiled without {@code -g}.
 */
final class ParameterNames {
  private ParameterNames() {}

  /**
   * The places of arguments, from 0.
   *
   * @param shape the functional interface
   * @throws KilnException where there is no such name, or the class file tells none
   */
  static Set<Integer> places(Set<String> names, Object function, Class<?> shape) {
    if (names.isEmpty()) {
      return Set.of();
    }
    Implementation implementation = Implementation.of(function, shape);
    List<String> known = of(implementation);
    // What a lambda has captured comes before its arguments; a receiver among them has no name.
    int before = known.size() - Implementation.single(shape).getParameterCount();
    Set<Integer> places = new HashSet<>();
    for (String name : names) {
      int place = known.lastIndexOf(name) - before;
      if (!known.contains(name) || place < 0) {
        throw new KilnException(
            implementation.name()
                + " has no argument '"
                + name
                + "', but "
                + known.subList(Math.max(0, before), known.size())
                + "; ignore one of these, or give its place, from 0");
      }
      places.add(place);
    }
    return places;
  }

  private static List<String> of(Implementation implementation) {
    Class<?> type = implementation.type();
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream stream = type.getResourceAsStream(file)) {
      Optional<MethodModel> found =
          stream == null
              ? Optional.empty()
              : ClassFile.of().parse(stream.readAllBytes()).methods().stream()
                  .filter(method -> method.methodName().equalsString(implementation.method()))
                  .filter(method -> method.methodType().equalsString(implementation.descriptor()))
                  .findFirst();
      return found
          .flatMap(ParameterNames::of)
          .orElseThrow(
              () ->
                  new KilnException(
                      "cannot see how the arguments of "
                          + implementation.name()
                          + " are called; compile it with -g, or ignore them by their places,"
                          + " from 0"));
    } catch (IOException e) {
      throw new KilnException("cannot read the class file of " + type.getName(), e);
    }
  }

  private static Optional<List<String>> of(MethodModel method) {
    Map<Integer, String> slots = new HashMap<>();
    method
        .code()
        .flatMap(code -> code.findAttribute(Attributes.localVariableTable()))
        .ifPresent(
            table -> {
              for (LocalVariableInfo variable : table.localVariables()) {
                if (variable.startPc() == 0) {
                  slots.put(variable.slot(), variable.name().stringValue());
                }
              }
            });
    List<String> names = new ArrayList<>();
    int slot = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
    for (ClassDesc parameter : method.methodTypeSymbol().parameterList()) {
      String name = slots.get(slot);
      if (name == null) {
        return Optional.empty();
      }
      names.add(name);
      slot += TypeKind.from(parameter).slotSize();
    }
    return Optional.of(names);
  }
}
