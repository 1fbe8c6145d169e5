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
final class JettyCore extends JettyEnvironment {

  static final String FORM = "org.eclipse.jetty.security.authentication.FormAuthenticator";

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
  private final LiveMethod getConstraint;
  private final LiveMethod getAuthorization;
  private final LiveMethod parseUri;
  private final LiveMethod asImmutable;
  private final LiveMethod asString;

  JettyCore(Live context, Object security, Object authenticator)
      throws ReflectiveOperationException {
    super(
        security,
        authenticator,
        context.call("getSessionHandler").get(),
        context.type("org.eclipse.jetty.security.authentication.SessionAuthentication"),
        "getAuthenticationType",
        context.type("org.eclipse.jetty.security.AuthenticationState$Deferred"));
    Class<?> request = context.type("org.eclipse.jetty.server.Request");
    Class<?> response = context.type("org.eclipse.jetty.server.Response");
    Class<?> callback = context.type("org.eclipse.jetty.util.Callback");
    Class<?> session = context.type("org.eclipse.jetty.session.ManagedSession");
    Class<?> state = context.type("org.eclipse.jetty.security.AuthenticationState");
    Class<?> uri = context.type("org.eclipse.jetty.http.HttpURI");
    String servlets = servletPackage(context);
    ofServlets = context.type(servlets + ".ServletContextRequest");
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
    getConstraint =
        LiveMethod.declared(security.getClass(), "getConstraint", String.class, request);
    getAuthorization =
        LiveMethod.of(context.type("org.eclipse.jetty.security.Constraint"), "getAuthorization");
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
  @Nullable Object request(Method method, @Nullable Object @Nullable [] arguments) {
    return method.getName().equals("handle") && arguments != null && arguments.length == 3
        ? as.onStatic(arguments[0], ofServlets)
        : null;
  }

  @Override
  Object request(HttpServletRequest ofFilters) {
    return getInfo.ask(Containers.innermost(ofFilters));
  }

  @Override
  HttpServletRequest ofFilters(Object request) {
    return (HttpServletRequest) getApiRequest.ask(request);
  }

  @Override
  HttpServletResponse response(Object request) {
    return (HttpServletResponse) getApiResponse.ask(getResponse.ask(request));
  }

  @Override
  boolean asksForUser(@Nullable Object[] arguments) {
    Object request = Objects.requireNonNull(arguments[0]);
    String path = (String) getPathInContext.onStatic(request);
    if (isLoginAction(path)) {
      return true;
    }
    Object constraint = getConstraint.on(security, path, request);
    String authorization =
        constraint == null ? "ALLOWED" : String.valueOf(getAuthorization.on(constraint));
    return !authorization.equals("ALLOWED") && !authorization.equals("INHERIT");
  }

  /** It always does. */
  @Override
  void uncheck(Object request) {}

  @Override
  void refuse(@Nullable Object[] arguments, int status) {
    writeError.onStatic(arguments[0], arguments[1], arguments[2], status);
  }

  @Override
  @Nullable Object login(Object request) {
    return getState.onStatic(request);
  }

  @Override
  void setLogin(Object request, Object login) {
    setState.onStatic(request, login);
  }

  @Override
  @Nullable Object session(Object request) {
    return getManagedSession.on(request);
  }

  @Override
  void setSession(Object request, Object session, Object manager) {
    setManagedSession.on(request, session);
  }

  @Override
  void removeSession(Object request) {
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
