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
interface JettyEnvironment extends JettySavedRequest.Addresses {

  /** The class of what a session keeps of a login. */
  Class<?> loginType();

  /** What says how that login was done. */
  LiveMethod authTypeOfLogin();

  /** The manager of the web application's sessions. */
  Object sessionManager();

  /**
   * The request that a security handler's method is called for.
   *
   * @return null if it is not a call to authenticate one
   */
  @Nullable Object request(Method method, @Nullable Object @Nullable [] arguments);

  /** The request behind one that filters get. */
  Object request(HttpServletRequest ofFilters);

  HttpServletRequest ofFilters(Object request);

  HttpServletResponse response(Object request);

  /**
   * Whether the authenticator looks for the user.
   *
   * @param arguments what the security handler is called with
   */
  boolean asksForUser(@Nullable Object[] arguments);

  /** Makes the authenticator look for the user, also where the request has one already. */
  void uncheck(Object request);

  /**
   * Answers with an error in place of the security handler.
   *
   * @param arguments what that is called with
   */
  void refuse(@Nullable Object[] arguments, int status) throws IOException;

  /** How the user of a request has logged in; null if he has not been looked for. */
  @Nullable Object login(Object request);

  void setLogin(Object request, Object login);

  @Nullable Object session(Object request);

  /**
   * Gives a request a session.
   *
   * @param manager which the session belongs to
   */
  void setSession(Object request, Object session, Object manager);

  void removeSession(Object request);
}
