package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A public method of a container's class, looked up once to be called with each request. */
final class LiveMethod {

  private final Method method;

  private LiveMethod(Method method) {
    this.method = method;
  }

  static LiveMethod of(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = type.getMethod(name, parameters);
    // Public methods of classes that are not public are within reach only so.
    method.setAccessible(true);
    return new LiveMethod(method);
  }

  /** A method of whatever visibility, of the class or of one above. */
  static LiveMethod declared(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Method method : each.getDeclaredMethods()) {
        if (method.getName().equals(name)
            && Arrays.equals(method.getParameterTypes(), parameters)) {
          method.setAccessible(true);
          return new LiveMethod(method);
        }
      }
    }
    throw new NoSuchMethodException(type + " has no " + name);
  }

  /** Calls a static method. */
  @Nullable Object onStatic(@Nullable Object... arguments) {
    return invoke(null, arguments);
  }

  /** Calls it, and throws what it throws if that is unchecked. */
  @Nullable Object on(Object target, @Nullable Object... arguments) {
    return invoke(target, arguments);
  }

  /** Has an object do what a proxy in front of it was asked for; throws what that throws. */
  static @Nullable Object pass(
      Method method, Object target, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() != null ? e.getCause() : e;
    }
  }

  /** The same for a method that handles requests. */
  static @Nullable Object passRequest(
      Method method, Object target, @Nullable Object @Nullable [] arguments)
      throws IOException, ServletException {
    try {
      return pass(method, target, arguments);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ServletException(e);
    }
  }

  private @Nullable Object invoke(@Nullable Object target, @Nullable Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException) {
        throw (RuntimeException) cause;
      }
      if (cause instanceof Error) {
        throw (Error) cause;
      }
      throw new IllegalStateException(this + " has failed", e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(this + " is out of reach", e);
    }
  }

  /** The same where there is always an answer. */
  Object ask(Object target, @Nullable Object... arguments) {
    return Objects.requireNonNull(on(target, arguments), this::toString);
  }

  @Override
  public String toString() {
    return method.getDeclaringClass().getSimpleName() + '.' + method.getName();
  }
}
