package dev.carryover.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** Objects of a container's that answer nothing but what a test wants; known by their identity. */
public final class Stub {

  private Stub() {}

  /** One of an interface; null is the answer to what is not to be asked. */
  public static <T> T of(Class<T> type, InvocationHandler answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  case "toString" -> type.getSimpleName();
                  default -> answers.invoke(proxy, method, arguments);
                }));
  }
}
