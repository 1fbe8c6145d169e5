package dev.carryover.servlet.container;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions of Jetty's class, {@code ManagedSession}, that nobody hears of. Each has a manager
 * of its own, a proxy of the web application's. Thread-safe.
 */
final class JettySessions {

  private final Object manager;
  private final Class<?> managerType;
  private final Constructor<?> data;
  private final Constructor<?> session;
  private final LiveMethod getSessionManager;
  private final LiveMethod setResident;
  private final LiveMethod setExtendedId;
  private final LiveMethod getAttribute;
  private final LiveMethod setAttribute;

  /**
   * @param manager the web application's
   */
  JettySessions(Live context, Object manager) throws ReflectiveOperationException {
    this.manager = manager;
    managerType = context.type("org.eclipse.jetty.session.SessionManager");
    Class<?> dataType = context.type("org.eclipse.jetty.session.SessionData");
    Class<?> type = context.type("org.eclipse.jetty.session.ManagedSession");
    data =
        dataType.getConstructor(
            String.class,
            String.class,
            String.class,
            long.class,
            long.class,
            long.class,
            long.class);
    session = type.getConstructor(managerType, dataType);
    getSessionManager = LiveMethod.of(type, "getSessionManager");
    setResident = LiveMethod.of(type, "setResident", boolean.class);
    setExtendedId = LiveMethod.of(type, "setExtendedId", String.class);
    getAttribute = LiveMethod.of(type, "getAttribute", String.class);
    setAttribute = LiveMethod.of(type, "setAttribute", String.class, Object.class);
  }

  Object create(Redirects redirects) {
    long now = System.currentTimeMillis();
    Object silent =
        Proxy.newProxyInstance(
            managerType.getClassLoader(),
            new Class<?>[] {managerType},
            new SilentManager(manager, redirects));
    try {
      Object record = data.newInstance(UUID.randomUUID().toString(), "", "", now, now, now, -1L);
      Object created = session.newInstance(silent, record);
      setResident.on(created, true);
      setExtendedId.on(created, "");
      return created;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jetty's session can't be made", e);
    }
  }

  /** The session's own manager. */
  Object manager(Object created) {
    return getSessionManager.ask(created);
  }

  @Nullable Object get(Object created, String name) {
    return getAttribute.on(created, name);
  }

  void set(Object created, String name, @Nullable Object value) {
    setAttribute.on(created, name, value);
  }

  /** Hears of it when Jetty is about to send the client elsewhere. */
  interface Redirects {

    /**
     * As {@link LoginHook#redirects}.
     *
     * @param url where to
     */
    String encode(String url);

    /** What Jetty is to add to the address by itself; null for nothing. */
    @Nullable String suffix();
  }

  /**
   * The web application's manager, but that it tells nobody, keeps nothing, and has us say what is
   * added to addresses. The core asks it to do that; ee8 and ee9 ask what to add, and are told that
   * the client has no cookie.
   */
  private static final class SilentManager implements InvocationHandler {
    private final Object real;
    private final Redirects redirects;
    private boolean addsSuffix;

    private SilentManager(Object real, Redirects redirects) {
      this.real = real;
      this.redirects = redirects;
    }

    @Override
    public @Nullable Object invoke(
        Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      switch (method.getName()) {
        case "encodeURI":
          return arguments == null ? null : redirects.encode(String.valueOf(arguments[1]));
        case "getSessionIdPathParameterNamePrefix":
          String suffix = redirects.suffix();
          addsSuffix = suffix != null;
          return suffix;
        case "isCheckingRemoteSessionIdEncoding":
          return false;
        case "isUsingCookies":
          return addsSuffix ? false : LiveMethod.pass(method, real, arguments);
        case "isUsingUriParameters":
          return addsSuffix ? true : LiveMethod.pass(method, real, arguments);
        case "commit":
        case "complete":
          return null;
        default:
          return method.getName().startsWith("onSession")
              ? null
              : LiveMethod.pass(method, real, arguments);
      }
    }
  }
}
