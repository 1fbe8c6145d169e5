package dev.carryover.servlet;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Methods that came with Servlet 6.1, and that the API this is compiled against has not. */
final class Servlet61 {

  private Servlet61() {}

  /** A method without a result, or null where the container's API is older. */
  static @Nullable MethodHandle method(Class<?> type, String name, Class<?>... parameters) {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(type, name, MethodType.methodType(void.class, parameters));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }
}
