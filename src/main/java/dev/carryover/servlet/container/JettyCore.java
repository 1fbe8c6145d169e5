package dev.carryover.servlet.container;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Jetty 12, ee10 and newer: its servlets have the security handler, the requests and the sessions
 * of its core.
 */
final class JettyCore implements JettyEnvironment {

  static final String FORM = "org.eclipse.jetty.security.authentication.FormAuthenticator";

  private final Object sessionManager;
  private final Object security;
  private final Object authenticator;
  private final Class<?> loginType;
  private final Class<?> ofServlets;
  private final LiveMethod as;
  private final LiveMethod getPathInContext;
  private final LiveMethod getHttpUri;
  private final LiveMethod writeError;
  private final LiveMethod getApiRequest;
  private final LiveMethod getResponse;
  private final LiveMethod getApiResponse;
  private final LiveMethod getInfo;
  private final LiveMethod getManagedSession;
  private final LiveMethod setManagedSession;
  private final LiveMethod getState;
  private final LiveMethod setState;
  private final LiveMethod getAuthType;
  private final LiveMethod getConstraint;
  private final LiveMethod getAuthorization;
  private final LiveMethod isLoginAction;
  private final LiveMethod parseUri;
  private final LiveMethod asImmutable;
  private final LiveMethod asString;

  JettyCore(Live context, Object security, Object authenticator)
      throws ReflectiveOperationException {
    sessionManager = context.call("getSessionHandler").get();
    this.security = security;
    this.authenticator = authenticator;
    Class<?> request = context.type("org.eclipse.jetty.server.Request");
    Class<?> response = context.type("org.eclipse.jetty.server.Response");
    Class<?> callback = context.type("org.eclipse.jetty.util.Callback");
    Class<?> session = context.type("org.eclipse.jetty.session.ManagedSession");
    Class<?> state = context.type("org.eclipse.jetty.security.AuthenticationState");
    Class<?> uri = context.type("org.eclipse.jetty.http.HttpURI");
    String servlets = servletPackage(context);
    ofServlets = context.type(servlets + ".ServletContextRequest");
    loginType = context.type("org.eclipse.jetty.security.authentication.SessionAuthentication");
    as = LiveMethod.of(request, "as", request, Class.class);
    getPathInContext = LiveMethod.of(request, "getPathInContext", request);
    getHttpUri = LiveMethod.of(request, "getHttpURI");
    writeError = LiveMethod.of(response, "writeError", request, response, callback, int.class);
    getApiRequest = LiveMethod.of(ofServlets, "getServletApiRequest");
    getResponse = LiveMethod.of(ofServlets, "getServletContextResponse");
    getApiResponse =
        LiveMethod.of(context.type(servlets + ".ServletContextResponse"), "getServletApiResponse");
    getInfo = LiveMethod.of(context.type(servlets + ".ServletApiRequest"), "getServletRequestInfo");
    getManagedSession = LiveMethod.of(ofServlets, "getManagedSession");
    setManagedSession = LiveMethod.of(ofServlets, "setManagedSession", session);
    getState = LiveMethod.of(state, "getAuthenticationState", request);
    setState = LiveMethod.of(state, "setAuthenticationState", request, state);
    getAuthType = LiveMethod.of(loginType, "getAuthenticationType");
    getConstraint =
        LiveMethod.declared(security.getClass(), "getConstraint", String.class, request);
    getAuthorization =
        LiveMethod.of(context.type("org.eclipse.jetty.security.Constraint"), "getAuthorization");
    isLoginAction = LiveMethod.of(authenticator.getClass(), "isJSecurityCheck", String.class);
    parseUri = LiveMethod.of(uri, "from", String.class);
    asImmutable = LiveMethod.of(uri, "asImmutable");
    asString = LiveMethod.of(uri, "asString");
  }

  private static String servletPackage(Live context) {
    Class<?> handler = context.get().getClass();
    while (!handler.getSimpleName().equals("ServletContextHandler")) {
      handler = handler.getSuperclass();
    }
    return handler.getPackage().getName();
  }

  @Override
  public Class<?> loginType() {
    return loginType;
  }

  @Override
  public LiveMethod authTypeOfLogin() {
    return getAuthType;
  }

  @Override
  public Object sessionManager() {
    return sessionManager;
  }

  @Override
  public @Nullable Object request(Method method, @Nullable Object @Nullable [] arguments) {
    return method.getName().equals("handle") && arguments != null && arguments.length == 3
        ? as.onStatic(arguments[0], ofServlets)
        : null;
  }

  @Override
  public Object request(HttpServletRequest ofFilters) {
    return getInfo.ask(Containers.innermost(ofFilters));
  }

  @Override
  public HttpServletRequest ofFilters(Object request) {
    return (HttpServletRequest) getApiRequest.ask(request);
  }

  @Override
  public HttpServletResponse response(Object request) {
    return (HttpServletResponse) getApiResponse.ask(getResponse.ask(request));
  }

  @Override
  public boolean asksForUser(@Nullable Object[] arguments) {
    Object request = Objects.requireNonNull(arguments[0]);
    String path = (String) getPathInContext.onStatic(request);
    if ((Boolean) isLoginAction.ask(authenticator, path)) {
      return true;
    }
    Object constraint = getConstraint.on(security, path, request);
    String authorization =
        constraint == null ? "ALLOWED" : String.valueOf(getAuthorization.on(constraint));
    return !authorization.equals("ALLOWED") && !authorization.equals("INHERIT");
  }

  /** It always does. */
  @Override
  public void uncheck(Object request) {}

  @Override
  public void refuse(@Nullable Object[] arguments, int status) {
    writeError.onStatic(arguments[0], arguments[1], arguments[2], status);
  }

  @Override
  public @Nullable Object login(Object request) {
    return getState.onStatic(request);
  }

  @Override
  public void setLogin(Object request, Object login) {
    setState.onStatic(request, login);
  }

  @Override
  public @Nullable Object session(Object request) {
    return getManagedSession.on(request);
  }

  @Override
  public void setSession(Object request, Object session, Object manager) {
    setManagedSession.on(request, session);
  }

  @Override
  public void removeSession(Object request) {
    setManagedSession.on(request, (Object) null);
  }

  @Override
  public String text(Object address) {
    return (String) asString.ask(address);
  }

  @Override
  public Object parse(String address) {
    return Objects.requireNonNull(parseUri.onStatic(address));
  }

  @Override
  public Object address(Object request) {
    return asImmutable.ask(getHttpUri.ask(request));
  }
}
