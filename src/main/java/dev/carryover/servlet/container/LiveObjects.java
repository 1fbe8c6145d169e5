package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Reflection on the container's own objects. Every way may end in an exception: not there. */
final class LiveObjects {

  private LiveObjects() {}

  static @Nullable Object field(@Nullable Object owner, String name)
      throws ReflectiveOperationException {
    if (owner == null) {
      throw new NoSuchFieldException(name);
    }
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  static @Nullable Object call(@Nullable Object owner, String name)
      throws ReflectiveOperationException {
    if (owner == null) {
      throw new NoSuchMethodException(name);
    }
    Method method = owner.getClass().getMethod(name);
    return method.invoke(owner);
  }

  /** Jetty's session handler, whose context calls its handler otherwise from release to release. */
  static @Nullable Object jettySessions(ServletContext context)
      throws ReflectiveOperationException {
    Object handler;
    try {
      handler = call(context, "getServletContextHandler");
    } catch (NoSuchMethodException e) {
      handler = call(context, "getContextHandler");
    }
    return call(handler, "getSessionHandler");
  }
}
