package dev.kiln.memo;

import dev.kiln.KilnException;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The method behind a function object.
 *
 * @param type the class that has the method
 * @param method its name
 * @param descriptor its types, as class files write them
 * @param captured what a lambda has caught from where it was written, the receiver included
 * @param hasReceiver whether the first of these is the object whose method it is
 */
record Implementation(
    Class<?> type,
    String method,
    String descriptor,
    List<@Nullable Object> captured,
    boolean hasReceiver) {
  /** A lambda's method: what stays of its name, a hash if it is serialisable, its number. */
  private static final Pattern NUMBERED =
      Pattern.compile("^(lambda\\$.+?)(\\$[0-9a-f]+)?\\$[0-9]+$");

  /**
   * Looks behind a lambda, a method reference or an object with one method.
   *
   * @param function what is memoised
   * @param shape the functional interface
   * @throws KilnException where the function can't be looked at
   */
  static Implementation of(Object function, Class<?> shape) {
    Optional<Implementation> lambda = ofLambda(function);
    if (lambda.isPresent()) {
      return lambda.get();
    }
    Class<?> type = function.getClass();
    if (isGenerated(type)) {
      throw new KilnException(
          "cannot see what the function "
              + function
              + " does; let its interface extend java.io.Serializable, or write it as a class");
    }
    Method single = single(shape);
    for (Method candidate : type.getMethods()) {
      if (candidate.getName().equals(single.getName())
          && candidate.getParameterCount() == single.getParameterCount()
          && !candidate.isBridge()
          && !Modifier.isAbstract(candidate.getModifiers())) {
        List<@Nullable Object> captured = new ArrayList<>();
        captured.add(function);
        return new Implementation(
            candidate.getDeclaringClass(),
            candidate.getName(),
            descriptor(candidate),
            captured,
            true);
      }
    }
    throw new AssertionError(type + " does not implement " + single);
  }

  /** Looks behind a lambda or a method reference, if it is one that can be asked. */
  static Optional<Implementation> ofLambda(Object function) {
    return lambda(function).map(lambda -> of(lambda, function.getClass().getClassLoader()));
  }

  /** Whether the class was made while the program ran: its name means nothing. */
  static boolean isGenerated(Class<?> type) {
    return type.isHidden() || Proxy.isProxyClass(type);
  }

  private static Implementation of(SerializedLambda lambda, @Nullable ClassLoader loader) {
    List<@Nullable Object> captured = new ArrayList<>();
    for (int k = 0; k < lambda.getCapturedArgCount(); k++) {
      captured.add(lambda.getCapturedArg(k));
    }
    try {
      Class<?> type = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
      // A reference to an abstract or overridden method means that of the object.
      boolean isVirtual =
          lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeVirtual
              || lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeInterface;
      boolean hasReceiver =
          !captured.isEmpty()
              && (isVirtual || lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeSpecial);
      Object receiver = captured.isEmpty() ? null : captured.getFirst();
      Class<?> owner = isVirtual && receiver != null ? receiver.getClass() : type;
      return new Implementation(
          owner,
          lambda.getImplMethodName(),
          lambda.getImplMethodSignature(),
          captured,
          hasReceiver);
    } catch (ClassNotFoundException e) {
      throw new AssertionError("a lambda of a class that does not exist: " + lambda, e);
    }
  }

  /** What the compiler lets a serialisable lambda say of itself. */
  private static Optional<SerializedLambda> lambda(Object function) {
    if (!(function instanceof Serializable) || !function.getClass().isHidden()) {
      return Optional.empty();
    }
    try {
      Method write = function.getClass().getDeclaredMethod("writeReplace");
      write.setAccessible(true);
      return write.invoke(function) instanceof SerializedLambda lambda
          ? Optional.of(lambda)
          : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    } catch (IllegalAccessException | InvocationTargetException | InaccessibleObjectException e) {
      throw new KilnException(
          "cannot see what the function "
              + function
              + " does; write a lambda or a class of your own that calls it",
          e);
    }
  }

  /** The one abstract method of an interface. */
  static Method single(Class<?> shape) {
    List<Method> methods =
        Arrays.stream(shape.getMethods())
            .filter(method -> Modifier.isAbstract(method.getModifiers()))
            .filter(method -> !isOfObject(method))
            .toList();
    if (!shape.isInterface() || methods.size() != 1) {
      throw new KilnException(
          shape.getTypeName()
              + " is no functional interface; expected an interface with one abstract method, found"
              + " "
              + methods.size());
    }
    return methods.getFirst();
  }

  private static boolean isOfObject(Method method) {
    try {
      Object.class.getMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static String descriptor(Method method) {
    return java.lang.invoke.MethodType.methodType(
            method.getReturnType(), method.getParameterTypes())
        .descriptorString();
  }

  /** Whether it is the body of a lambda, which has no name that stays. */
  boolean isLambda() {
    return method.startsWith("lambda$");
  }

  /**
   * The function's name for people and for groups of entries: {@code app.Model.simulate}. Lambdas
   * of one method have one name: the compiler numbers them as they stand, after a hash of what they
   * are assigned to.
   */
  String name() {
    String stays = NUMBERED.matcher(method).replaceFirst("$1");
    return type.getName() + "." + (isLambda() ? stays : method);
  }
}
