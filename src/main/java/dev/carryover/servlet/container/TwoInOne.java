package dev.carryover.servlet.container;

import jakarta.servlet.ServletRequestListener;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listener in two parts, one for requests, one for all else: for containers that have one list
 * for several roles.
 */
final class TwoInOne implements InvocationHandler {

  private final EventListener listener;
  private final ServletRequestListener requests;

  private TwoInOne(EventListener listener, ServletRequestListener requests) {
    this.listener = listener;
    this.requests = requests;
  }

  /** A listener with those of the roles that it has, but that of a request listener elsewhere. */
  static EventListener of(
      List<Class<?>> roles, EventListener listener, ServletRequestListener requests) {
    Class<?>[] present =
        roles.stream().filter(role -> role.isInstance(listener)).toArray(Class<?>[]::new);
    return (EventListener)
        Proxy.newProxyInstance(
            TwoInOne.class.getClassLoader(), present, new TwoInOne(listener, requests));
  }

  static boolean isOne(Object listener) {
    return Proxy.isProxyClass(listener.getClass())
        && Proxy.getInvocationHandler(listener) instanceof TwoInOne;
  }

  static EventListener behind(EventListener listener) {
    return isOne(listener) ? ((TwoInOne) Proxy.getInvocationHandler(listener)).listener : listener;
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    boolean isOfRequest = method.getDeclaringClass() == ServletRequestListener.class;
    return LiveMethod.pass(method, isOfRequest ? requests : listener, arguments);
  }
}
