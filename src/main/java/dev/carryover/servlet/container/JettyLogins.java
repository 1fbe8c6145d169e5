package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The logins by a form of Jetty 12. The security handler lies in a chain of handlers: the hook is
 * one in front of it. While it runs, the request has a session of Jetty's class whose manager is a
 * proxy, so that no listener hears of it; what the form's authenticator puts there is what has to
 * be kept. All other ways to log in leave nothing in sessions.
 */
final class JettyLogins implements ContainerLogins {

  private static final String AUTHENTICATED = "org.eclipse.jetty.security.UserIdentity";

  /** Attributes by which the core and ee8 know sessions whose id needs no change by a login. */
  private static final List<String> ID_IS_CHANGED =
      List.of(
          "org.eclipse.jetty.security.sessionAuthenticated",
          "org.eclipse.jetty.security.sessionCreatedSecure");

  private final Live context;
  private final Object security;
  private final JettyEnvironment environment;
  private final JettySessions sessions;
  private final JettyUsers users;
  private final JettySavedRequest savedRequests;

  /** The handler before the security handler, while ours is there too. */
  private @Nullable Live before;

  private @Nullable LoginHook hook;

  JettyLogins(Live context) throws ReflectiveOperationException {
    this.context = context;
    Live handler = context.call("getSecurityHandler");
    Live authenticator = handler.call("getAuthenticator");
    security = handler.get();
    environment = environment(context, security, authenticator.get());
    sessions = new JettySessions(context, environment.sessionManager);
    users =
        new JettyUsers(
            context,
            environment.loginType,
            environment.authTypeOfLogin,
            handler.call("getIdentityService").get(),
            authenticator.call("getLoginService").get());
    savedRequests = new JettySavedRequest(context, environment);
  }

  private static JettyEnvironment environment(Live context, Object security, Object authenticator)
      throws ReflectiveOperationException {
    String nested = JettyNested.environment(context);
    String form = nested == null ? JettyCore.FORM : nested + JettyNested.FORM;
    if (!context.type(form).isInstance(authenticator)) {
      throw new NoSuchMethodException("it keeps only those by FORM in sessions");
    }
    return nested == null
        ? new JettyCore(context, security, authenticator)
        : new JettyNested(context, nested, security, authenticator);
  }

  // ---- the handler

  @Override
  public void around(LoginHook around) {
    try {
      Live handler = context;
      while (handler.call("getHandler").get() != security) {
        handler = handler.call("getHandler");
      }
      Class<?> type = security.getClass();
      handler.setField(
          "_handler",
          Proxy.newProxyInstance(type.getClassLoader(), interfaces(type), new OwnHandler(around)));
      hook = around;
      before = handler;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jetty's security handler can't be reached", e);
    }
  }

  private static Class<?>[] interfaces(Class<?> type) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      interfaces.addAll(List.of(each.getInterfaces()));
    }
    return interfaces.toArray(new Class<?>[0]);
  }

  @Override
  public void close() {
    Live handler = before;
    before = null;
    if (handler != null) {
      try {
        handler.setField("_handler", security);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Jetty's security handler can't be put back", e);
      }
    }
  }

  /** Where Jetty would have its security handler, and all that this one is but for requests. */
  private final class OwnHandler implements InvocationHandler {
    private final LoginHook around;

    private OwnHandler(LoginHook around) {
      this.around = around;
    }

    @Override
    public @Nullable Object invoke(
        Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      Object request = environment.request(method, arguments);
      if (request != null && arguments != null) {
        return handle(request, method, arguments);
      }
      switch (method.getName()) {
        case "getHandlers":
          return List.class.isAssignableFrom(method.getReturnType())
              ? List.of(security)
              : call(method, arguments);
        case "getChildHandlers":
        case "getChildHandlersByClass":
          return withSecurity(
              (Object[]) Objects.requireNonNull(call(method, arguments)), arguments);
        case "equals":
          return arguments != null && (proxy == arguments[0] || security == arguments[0]);
        default:
          return call(method, arguments);
      }
    }

    /** Who looks for a handler by its class looks for the real one. */
    private Object[] withSecurity(Object[] children, @Nullable Object @Nullable [] arguments) {
      Class<?> wanted = arguments == null ? null : (Class<?>) arguments[0];
      if (wanted != null && !wanted.isInstance(security)) {
        return children;
      }
      Object[] all = Arrays.copyOf(children, children.length + 1);
      all[children.length] = security;
      return all;
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
        throws Throwable {
      return LiveMethod.pass(method, security, arguments);
    }

    private @Nullable Object handle(Object request, Method method, @Nullable Object[] arguments)
        throws Throwable {
      Handling handling = new Handling(request, method, arguments);
      around.authenticate(
          environment.ofFilters(request),
          environment.response(request),
          environment.asksForUser(arguments),
          handling);
      return handling.result;
    }
  }

  /** One request's way through the security handler. */
  private final class Handling implements LoginHook.Authentication {
    private final Object request;
    private final Method method;
    private final @Nullable Object[] arguments;
    private @Nullable Object result = true;

    private Handling(Object request, Method method, @Nullable Object[] arguments) {
      this.request = request;
      this.method = method;
      this.arguments = arguments;
    }

    @Override
    public void run() throws IOException, ServletException {
      if (environment.session(request) != null) {
        environment.uncheck(request);
      }
      result = LiveMethod.passRequest(method, security, arguments);
    }

    @Override
    public void refuse(int status) throws IOException {
      environment.refuse(arguments, status);
    }
  }

  // ---- users

  @Override
  public @Nullable Principal principal(HttpServletRequest request) {
    Object login = login(environment.request(request));
    return login == null ? null : users.principal(login);
  }

  /** How the user of a request has logged in, if a session is to remember it. */
  private @Nullable Object login(Object request) {
    Object session = environment.session(request);
    Object login =
        session == null ? environment.login(request) : sessions.get(session, AUTHENTICATED);
    return users.isLogin(login) ? login : null;
  }

  @Override
  public LoginUser user(HttpServletRequest request, Principal principal) {
    return users.user(Objects.requireNonNull(login(environment.request(request))));
  }

  @Override
  public void logIn(HttpServletRequest request, LoginUser user) {
    environment.setLogin(environment.request(request), users.login(user));
  }

  @Override
  public @Nullable LoginUser ask(String name, @Nullable String authType) {
    return users.ask(name, authType);
  }

  @Override
  public boolean isRealmAvailable() {
    return true;
  }

  @Override
  public boolean hasPutOff(HttpServletRequest request) {
    return environment.deferredType.isInstance(environment.login(environment.request(request)));
  }

  // ---- the session of one authentication

  @Override
  public boolean makesSessionForLogin() {
    return true;
  }

  @Override
  public boolean findsUserFirst() {
    return false;
  }

  @Override
  public LoginDetour detour(
      HttpServletRequest ofFilters,
      byte @Nullable [] known,
      boolean hasSession,
      int maxInactiveInterval) {
    Object request = environment.request(ofFilters);
    Object login = login(request);
    Detour detour = new Detour(ofFilters, request, maxInactiveInterval);
    detour.begin(login, known);
    return detour;
  }

  private String redirects(HttpServletRequest request, String url) {
    LoginHook known = hook;
    return known == null ? url : known.redirects(request, url);
  }

  /** What Jetty's form keeps in a session. */
  private final class Detour implements LoginDetour, JettySessions.Redirects {
    private final HttpServletRequest ofFilters;
    private final Object request;
    private final Object session;
    private final int maxInactiveInterval;
    private List<@Nullable Object> keptBefore = List.of();

    private Detour(HttpServletRequest ofFilters, Object request, int maxInactiveInterval) {
      this.ofFilters = ofFilters;
      this.request = request;
      this.maxInactiveInterval = maxInactiveInterval;
      session = sessions.create(this);
    }

    private void begin(@Nullable Object login, byte @Nullable [] known) {
      ID_IS_CHANGED.forEach(name -> sessions.set(session, name, true));
      sessions.set(session, AUTHENTICATED, login);
      if (known != null) {
        savedRequests.decode(known, request, (name, value) -> sessions.set(session, name, value));
      }
      keptBefore = kept();
      environment.setSession(request, session, sessions.manager(session));
    }

    private List<@Nullable Object> kept() {
      List<@Nullable Object> kept = new ArrayList<>();
      for (String name : JettySavedRequest.ATTRIBUTES) {
        kept.add(sessions.get(session, name));
      }
      return kept;
    }

    @Override
    public boolean isChanged() {
      return !kept().equals(keptBefore);
    }

    @Override
    public byte @Nullable [] state() {
      List<@Nullable Object> kept = kept();
      Object address = kept.get(0);
      return address == null
          ? null
          : savedRequests.encode(address, (String) kept.get(1), kept.get(2));
    }

    @Override
    public int maxInactiveInterval() {
      return maxInactiveInterval;
    }

    @Override
    public void end() {
      environment.removeSession(request);
    }

    @Override
    public String encode(String url) {
      return redirects(ofFilters, url);
    }

    /** The session is there again then, for Jetty to look at it, and goes with the request. */
    @Override
    public @Nullable String suffix() {
      String root = ofFilters.getContextPath() + '/';
      String encoded = redirects(ofFilters, root);
      if (encoded.equals(root)) {
        return null;
      }
      environment.setSession(request, session, sessions.manager(session));
      return encoded.substring(root.length());
    }
  }
}
