package dev.carryover.servlet.container;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Jetty 12, ee8 and ee9: their handlers are those of Jetty 11, nested in one of the core's. What
 * belongs to a user is the core's, and so are sessions; requests, security handler and
 * authenticators are their own.
 */
final class JettyNested extends JettyEnvironment {

  /** In the package of the environment. */
  static final String FORM = ".security.authentication.FormAuthenticator";

  private static final String CONTEXT_HANDLER = ".nested.ContextHandler";

  private final LiveMethod getBaseRequest;
  private final LiveMethod getResponse;
  private final LiveMethod setHandled;
  private final LiveMethod getChannel;
  private final LiveMethod getCoreRequest;
  private final LiveMethod getAuthentication;
  private final LiveMethod setAuthentication;
  private final LiveMethod getManagedSession;
  private final LiveMethod setManagedSession;
  private final LiveMethod setSessionManager;
  private final LiveMethod prepareConstraintInfo;
  private final LiveMethod isAuthMandatory;
  private final boolean asksForAll;

  JettyNested(Live context, String environment, Object security, Object authenticator)
      throws ReflectiveOperationException {
    super(
        security,
        authenticator,
        context.call("getSessionHandler").call("getSessionManager").get(),
        context.type(environment + ".security.authentication.SessionAuthentication"),
        "getAuthMethod",
        context.type(environment + ".nested.Authentication$Deferred"));
    Class<?> request = context.type(environment + ".nested.Request");
    Class<?> response = context.type(environment + ".nested.Response");
    Class<?> channel = context.type(environment + ".nested.HttpChannel");
    Class<?> core = context.type(environment + CONTEXT_HANDLER + "$CoreContextRequest");
    Class<?> authentication = context.type(environment + ".nested.Authentication");
    getBaseRequest = LiveMethod.of(request, "getBaseRequest", ServletRequest.class);
    getResponse = LiveMethod.of(request, "getResponse");
    setHandled = LiveMethod.of(request, "setHandled", boolean.class);
    getChannel = LiveMethod.of(request, "getHttpChannel");
    getCoreRequest = LiveMethod.of(channel, "getCoreRequest");
    getAuthentication = LiveMethod.of(request, "getAuthentication");
    setAuthentication = LiveMethod.of(request, "setAuthentication", authentication);
    getManagedSession = LiveMethod.of(core, "getManagedSession");
    setManagedSession =
        LiveMethod.of(
            core, "setManagedSession", context.type("org.eclipse.jetty.session.ManagedSession"));
    setSessionManager =
        LiveMethod.of(
            core, "setSessionManager", context.type("org.eclipse.jetty.session.SessionManager"));
    prepareConstraintInfo =
        LiveMethod.declared(security.getClass(), "prepareConstraintInfo", String.class, request);
    isAuthMandatory =
        LiveMethod.declared(
            security.getClass(), "isAuthMandatory", request, response, Object.class);
    asksForAll = hasConstraintsByMethod(Live.of(security));
  }

  /**
   * Whether any constraint is for some methods only. A request that a login has led back to a page
   * gets the method of the one before it, and with it the constraint.
   */
  private static boolean hasConstraintsByMethod(Live security) throws ReflectiveOperationException {
    if (!security.has("getConstraintMappings")) {
      return true;
    }
    for (Object each : security.call("getConstraintMappings").elements()) {
      Live mapping = Live.of(each);
      boolean isByMethod =
          mapping.callNullable("getMethod") != null
              || mapping.callNullable("getMethodOmissions") != null;
      Live constraint = mapping.call("getConstraint");
      // By default each application has two for TRACE, which nobody may do: neither asks for a
      // user.
      if (isByMethod
          && (Boolean) constraint.call("getAuthenticate").get()
          && !(Boolean) constraint.call("isForbidden").get()) {
        return true;
      }
    }
    return false;
  }

  /** The package of a context's environment; null if it is another kind of environment. */
  static @Nullable String environment(Live context) {
    for (Class<?> type = context.get().getClass(); type != null; type = type.getSuperclass()) {
      String name = type.getName();
      if (name.startsWith("org.eclipse.jetty.ee") && name.endsWith(CONTEXT_HANDLER)) {
        return name.substring(0, name.length() - CONTEXT_HANDLER.length());
      }
    }
    return null;
  }

  /** Forwards, includes and the like go through the security handler too. */
  @Override
  @Nullable Object request(Method method, @Nullable Object @Nullable [] arguments) {
    if (arguments == null || arguments.length != 4 || !method.getName().equals("handle")) {
      return null;
    }
    ServletRequest request = (ServletRequest) Objects.requireNonNull(arguments[1]);
    return request.getDispatcherType() == DispatcherType.REQUEST ? request : null;
  }

  @Override
  Object request(HttpServletRequest ofFilters) {
    return Objects.requireNonNull(getBaseRequest.onStatic(Containers.innermost(ofFilters)));
  }

  @Override
  HttpServletRequest ofFilters(Object request) {
    return (HttpServletRequest) request;
  }

  @Override
  HttpServletResponse response(Object request) {
    return (HttpServletResponse) getResponse.ask(request);
  }

  @Override
  boolean asksForUser(@Nullable Object[] arguments) {
    String path = (String) arguments[0];
    Object request = Objects.requireNonNull(arguments[1]);
    return asksForAll
        || isLoginAction(ofFilters(request).getRequestURI())
        || (Boolean)
            isAuthMandatory.ask(
                security,
                request,
                getResponse.ask(request),
                prepareConstraintInfo.on(security, path, request));
  }

  /** The security handler asks nobody where a request has a user. */
  @Override
  void uncheck(Object request) {
    if (loginType.isInstance(login(request))) {
      setAuthentication.on(request, (Object) null);
    }
  }

  @Override
  void refuse(@Nullable Object[] arguments, int status) throws IOException {
    Object request = Objects.requireNonNull(arguments[1]);
    response(request).sendError(status);
    setHandled.on(request, true);
  }

  @Override
  @Nullable Object login(Object request) {
    return getAuthentication.on(request);
  }

  @Override
  void setLogin(Object request, Object login) {
    setAuthentication.on(request, login);
  }

  @Override
  @Nullable Object session(Object request) {
    return getManagedSession.on(core(request));
  }

  @Override
  void setSession(Object request, Object session, Object manager) {
    setSessionManager.on(core(request), manager);
    setManagedSession.on(core(request), session);
  }

  @Override
  void removeSession(Object request) {
    setManagedSession.on(core(request), (Object) null);
    setSessionManager.on(core(request), sessionManager);
  }

  private Object core(Object request) {
    return getCoreRequest.ask(getChannel.ask(request));
  }

  @Override
  public String text(Object address) {
    return (String) address;
  }

  @Override
  public Object parse(String address) {
    return address;
  }

  @Override
  public Object address(Object request) {
    HttpServletRequest asked = ofFilters(request);
    String query = asked.getQueryString();
    return asked.getRequestURL() + (query == null ? "" : '?' + query);
  }
}
