package dev.carryover.servlet;

import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives sessions the {@code getAccessor} of Servlet 6.1, whose type is unknown where this is
 * compiled and absent on older containers: there a session is its adapter, here a proxy before it.
 */
final class SessionAccessor implements InvocationHandler {

  private static final String GETTER = "getAccessor";
  private static final @Nullable Class<?> TYPE = type();

  private final HttpSessionAdapter session;

  private SessionAccessor(HttpSessionAdapter session) {
    this.session = session;
  }

  /** The session to be handed out for an adapter. */
  static HttpSession before(HttpSessionAdapter session) {
    return TYPE == null
        ? session
        : (HttpSession) proxy(HttpSession.class, new SessionAccessor(session));
  }

  /** The adapter that was handed out in this guise, or what was given if it is none. */
  static @Nullable Object behind(@Nullable Object handedOut) {
    return handedOut != null
            && Proxy.isProxyClass(handedOut.getClass())
            && Proxy.getInvocationHandler(handedOut) instanceof SessionAccessor
        ? ((SessionAccessor) Proxy.getInvocationHandler(handedOut)).session
        : handedOut;
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals(GETTER)) {
      return accessor(session.accessor());
    }
    try {
      return method.invoke(session, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() != null ? e.getCause() : e;
    }
  }

  /** An accessor as the container's API has it; its one method takes a consumer of the session. */
  private static Object accessor(Consumer<Consumer<HttpSession>> access) {
    return proxy(
        TYPE == null ? HttpSession.class : TYPE,
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.invoke(access, arguments);
          }
          access.accept(consumer(arguments));
          return null;
        });
  }

  @SuppressWarnings("unchecked")
  private static Consumer<HttpSession> consumer(@Nullable Object @Nullable [] arguments) {
    if (arguments == null || arguments[0] == null) {
      throw new NullPointerException("What is to be done with the session?");
    }
    return (Consumer<HttpSession>) arguments[0];
  }

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(
        SessionAccessor.class.getClassLoader(), new Class<?>[] {type}, handler);
  }

  private static @Nullable Class<?> type() {
    try {
      return HttpSession.class.getMethod(GETTER).getReturnType();
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
