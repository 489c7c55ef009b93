package dev.kiln.memo;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What an object does that {@link Memory} gives for a function of an interface of one's own.
 *
 * @param method the interface's one abstract method
 * @param memoised what looks and calls
 */
record CachedProxy(Method method, MemoisedFunction memoised) implements InvocationHandler {
  /** An object of the interface. */
  <F> F as(Class<F> type) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method called, @Nullable Object @Nullable [] given)
      throws Throwable {
    @Nullable Object[] arguments = given == null ? new Object[0] : given;
    if (called.equals(method)) {
      return memoised.call(arguments);
    }
    if (Modifier.isAbstract(called.getModifiers()) || called.getDeclaringClass() == Object.class) {
      return ofObject(proxy, called.getName(), arguments);
    }
    return InvocationHandler.invokeDefault(proxy, called, arguments);
  }

  @SuppressWarnings("ReferenceEquality") // As Object has it.
  private Object ofObject(Object proxy, String name, @Nullable Object[] arguments) {
    return switch (name) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> memoised.toString();
      default -> throw new AssertionError("no method of Object: " + name);
    };
  }
}
