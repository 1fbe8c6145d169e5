package dev.carryover.servlet.container;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * One of Jetty's environments: its requests, and how they go through its security handler. A
 * request is here whatever object the environment keeps the state of one in. Thread-safe.
 */
abstract class JettyEnvironment implements JettySavedRequest.Addresses {

  final Object security;
  final Object authenticator;

  /** The manager of the web application's sessions. */
  final Object sessionManager;

  /** The class of what a session keeps of a login. */
  final Class<?> loginType;

  /** The class of what a request has instead, until somebody asks for its user. */
  final Class<?> deferredType;

  /** What says how that login was done. */
  final LiveMethod authTypeOfLogin;

  private final LiveMethod isLoginAction;

  JettyEnvironment(
      Object security,
      Object authenticator,
      Object sessionManager,
      Class<?> loginType,
      String authTypeOfLogin,
      Class<?> deferredType)
      throws ReflectiveOperationException {
    this.security = security;
    this.authenticator = authenticator;
    this.sessionManager = sessionManager;
    this.loginType = loginType;
    this.deferredType = deferredType;
    this.authTypeOfLogin = LiveMethod.of(loginType, authTypeOfLogin);
    isLoginAction = LiveMethod.of(authenticator.getClass(), "isJSecurityCheck", String.class);
  }

  /** Whether a path is where a form's user name and password are sent to. */
  final boolean isLoginAction(@Nullable String path) {
    return path != null && (Boolean) isLoginAction.ask(authenticator, path);
  }

  /**
   * The request that a security handler's method is called for.
   *
   * @return null if it is not a call to authenticate one
   */
  abstract @Nullable Object request(Method method, @Nullable Object @Nullable [] arguments);

  /** The request behind one that filters get. */
  abstract Object request(HttpServletRequest ofFilters);

  abstract HttpServletRequest ofFilters(Object request);

  abstract HttpServletResponse response(Object request);

  /**
   * Whether the authenticator looks for the user.
   *
   * @param arguments what the security handler is called with
   */
  abstract boolean asksForUser(@Nullable Object[] arguments);

  /** Makes the authenticator look for the user, also where the request has one already. */
  abstract void uncheck(Object request);

  /**
   * Answers with an error in place of the security handler.
   *
   * @param arguments what that is called with
   */
  abstract void refuse(@Nullable Object[] arguments, int status) throws IOException;

  /** How the user of a request has logged in; null if he has not been looked for. */
  abstract @Nullable Object login(Object request);

  abstract void setLogin(Object request, Object login);

  abstract @Nullable Object session(Object request);

  /**
   * Gives a request a session.
   *
   * @param manager which the session belongs to
   */
  abstract void setSession(Object request, Object session, Object manager);

  abstract void removeSession(Object request);
}
