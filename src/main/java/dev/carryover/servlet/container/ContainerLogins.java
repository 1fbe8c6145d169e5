package dev.carryover.servlet.container;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * How one container's logins are read and put back, so that they can be kept in our session in
 * place of the container's. The requests are those that filters get, or wrappers of them. Of a user
 * that containers would not keep in a session they know nothing here. Thread-safe.
 */
public interface ContainerLogins {

  /** Puts the hook around the authenticator. To be called once, before the first request. */
  void around(LoginHook hook);

  /** The container's own object for the user that it has for a request; null if it has none. */
  @Nullable Principal principal(HttpServletRequest request);

  /**
   * The user that the container has for a request.
   *
   * @param principal what {@link #principal} says
   */
  LoginUser user(HttpServletRequest request, Principal principal);

  /** Has the container take someone for the user of a request, as if he had just logged in. */
  void logIn(HttpServletRequest request, LoginUser user);

  /**
   * Does what {@code request.login} does, where the container does not do it by itself.
   *
   * @param response the container's
   * @return who the user is; null if the container is to do it
   * @throws ServletException if the login fails, or somebody has logged in
   */
  default @Nullable LoginUser logIn(
      HttpServletRequest request, HttpServletResponse response, String name, String password)
      throws ServletException {
    return null;
  }

  /**
   * Asks the realm for a user as it knows him now, without a password.
   *
   * @return null if it does not know him, or can't tell anything without a password
   * @throws RuntimeException if it can't be asked now
   */
  @Nullable LoginUser ask(String name, @Nullable String authType);

  /**
   * Whether the realm can reach what it looks users up in, where it tells that apart. What {@link
   * #ask} has answered means little otherwise.
   */
  boolean isRealmAvailable();

  /** Whether the container, asked for the user of a request, would only then look for him. */
  boolean hasPutOff(HttpServletRequest request);

  /** Whether {@code request.login} makes a session, if there is none, and keeps the user in it. */
  boolean makesSessionForLogin();

  /**
   * Whether the container looks for the user of each request before the application has it, so that
   * he stays its user when the application ends the session; else it looks when it is asked.
   */
  boolean findsUserFirst();

  /**
   * Gives a request a session of the container's, for its authenticator alone: no listener hears of
   * it and no client.
   *
   * @param known what {@link LoginDetour#state} has said when another request ended; null if
   *     nothing
   * @param hasSession whether the client has a session
   * @param maxInactiveInterval of that, or a new one
   * @return null if the authenticator needs none
   */
  @Nullable LoginDetour detour(
      HttpServletRequest request,
      byte @Nullable [] known,
      boolean hasSession,
      int maxInactiveInterval);

  /** Takes the hook away. Does nothing the second time. */
  void close();
}
