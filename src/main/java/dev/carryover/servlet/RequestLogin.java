package dev.carryover.servlet;

import dev.carryover.servlet.container.ContainerLogins;
import dev.carryover.servlet.container.LoginDetour;
import dev.carryover.servlet.container.LoginUser;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionAccess;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who one request's user is, between our session, which notes it, and the container, whose request
 * shows it. Not thread-safe; its {@link RequestSession} guards it.
 */
final class RequestLogin {

  private static final Logger log = LoggerFactory.getLogger(RequestLogin.class);
  private static final String USER = "login";

  /** What the realm has said of him since; see {@link LoginRecord}. */
  private static final String CHECK = "login.check";

  /** His principal, where the application has a class of its own for it. */
  private static final String OWN = "login.principal";

  private static final String DETOUR = "login.detour";

  private final ContainerLogins logins;
  private final long revalidateMillis;
  private final LiveSessions sessions;
  private final HttpServletRequest request;

  /** The container has the user that the session notes, if any. */
  private boolean restored;

  /** The container's object for him. */
  private @Nullable Principal noted;

  /** Whom the container has been given, for when it asks anew; null for nobody. */
  private @Nullable LoginUser given;

  /** Whom {@code request.login} has found, where the container does not tell it. */
  private @Nullable LoginUser found;

  /** The container's object for whom it knew before it began to find out. */
  private @Nullable Principal before;

  /** While the container finds out who he is. */
  private boolean authenticating;

  private @Nullable LoginDetour detour;

  RequestLogin(LoginCarrier carrier, LiveSessions sessions, HttpServletRequest request) {
    this.logins = carrier.logins();
    this.revalidateMillis = carrier.revalidateMillis();
    this.sessions = sessions;
    this.request = request;
  }

  boolean isRestored() {
    return restored;
  }

  /** See {@link ContainerLogins#findsUserFirst}. */
  boolean findsUserFirst() {
    return logins.findsUserFirst();
  }

  /** The container gets the user that the session notes, unless it has one already. */
  void restore(@Nullable SessionAccess session) {
    if (restored) {
      return;
    }
    restored = true;
    LoginRecord login = session == null ? null : recordOf(session);
    if (session == null || login == null || logins.principal(request) != null) {
      return;
    }
    if (login.isDue(sessions.currentTimeMillis(), revalidateMillis)) {
      login = check(login);
      if (login == null) {
        loggedOut(session);
        return;
      }
      note(session, CHECK, login);
    }
    give(login.user());
  }

  /** As if the session noted nobody. */
  void restoreNobody() {
    restored = true;
  }

  private void give(LoginUser user) {
    logins.logIn(request, user);
    given = user;
    noted = logins.principal(request);
  }

  /** The same login as the realm sees it now; null if that does not know the user any more. */
  private @Nullable LoginRecord check(LoginRecord login) {
    LoginUser user = login.user();
    LoginUser asked;
    try {
      asked = logins.ask(user.name(), user.authType());
    } catch (RuntimeException e) {
      log.warn("A realm can't be asked for the roles of a user; they stay: {}", e.toString());
      asked = user;
    }
    long now = sessions.currentTimeMillis();
    // Realms in databases do not know somebody without a role from nobody at all.
    if (asked != null && (!asked.roles().isEmpty() || user.roles().isEmpty())) {
      return login.checked(asked.withPrincipalOf(user), now);
    }
    return logins.isRealmAvailable() ? null : login.checked(user, now);
  }

  private static @Nullable LoginRecord recordOf(SessionAccess session) {
    return LoginRecord.decode(session.note(USER), session.note(CHECK), session.note(OWN));
  }

  /**
   * The container is about to find out who the user is.
   *
   * @param session null if the client has none
   */
  void begin(@Nullable SessionAccess session) {
    found = null;
    restore(session);
    LoginUser known = given;
    if (known != null && logins.findsUserFirst() && logins.principal(request) == null) {
      give(known);
    }
    beginDetour(session);
  }

  /** The application is about to log the user in. */
  void beginProgrammatic(@Nullable SessionAccess session) {
    if (logins.findsUserFirst()) {
      restore(session);
    }
    if (logins.makesSessionForLogin()) {
      beginDetour(session);
    }
  }

  /** The application logs the user in; false if the container is to do it by itself. */
  boolean logIn(HttpServletResponse response, String name, String password)
      throws ServletException {
    found = null;
    LoginUser user = logins.logIn(request, response, name, password);
    found = user;
    return user != null;
  }

  /** It has, or has failed to: what was found counts for no other login of the same request. */
  void endProgrammatic() {
    found = null;
  }

  private void beginDetour(@Nullable SessionAccess session) {
    authenticating = true;
    Object known = session == null ? null : session.note(DETOUR);
    detour =
        logins.detour(
            request,
            known instanceof byte[] ? (byte[]) known : null,
            session != null,
            session == null ? sessions.maxInactiveInterval() : session.maxInactiveInterval());
    before = logins.principal(request);
  }

  boolean isAuthenticating() {
    return authenticating;
  }

  /** Whether there is something to keep for which the client needs a session. */
  boolean needsSession() {
    return detour != null && (detour.isChanged() || isUserNew());
  }

  /** Whether a session notes a user, without a look at who he is. */
  boolean isNotedIn(SessionAccess session) {
    return session.note(USER) != null;
  }

  /** Whether the session notes a user. */
  boolean isNoted() {
    return noted != null;
  }

  /** Whether the container has another user than before. */
  boolean isUserNew() {
    return logins.principal(request) != before;
  }

  /** The name of the user that the container has; null for none. */
  @Nullable String userName() {
    Principal principal = logins.principal(request);
    return principal == null ? null : principal.getName();
  }

  /** The session notes what the container knows now. */
  void save(SessionAccess session) {
    if (isUserNew()) {
      saveUser(session);
    }
    LoginDetour current = detour;
    if (current != null && current.isChanged()) {
      session.note(DETOUR, current.state());
      session.setMaxInactiveInterval(current.maxInactiveInterval());
    }
  }

  private void saveUser(SessionAccess session) {
    Principal principal = logins.principal(request);
    restored = true;
    noted = principal;
    before = principal;
    if (principal == null) {
      given = null;
      forget(session);
    } else {
      LoginUser user = foundAs(principal);
      found = null;
      given = user;
      note(session, USER, new LoginRecord(user, knows(user), sessions.currentTimeMillis()));
    }
  }

  /** Who {@code request.login} has found, if that is whom the container has. */
  private LoginUser foundAs(Principal principal) {
    LoginUser known = found;
    return known != null && known.name().equals(principal.getName())
        ? known
        : logins.user(request, principal);
  }

  /** Whether the realm, asked without a password, knows all that it knew with it. */
  private boolean knows(LoginUser user) {
    try {
      LoginUser asked = logins.ask(user.name(), user.authType());
      return asked != null && asked.roles().containsAll(user.roles());
    } catch (RuntimeException e) {
      log.debug("A realm can't be asked for the roles of a user yet: {}", e.toString());
      return true;
    }
  }

  private static void note(SessionAccess session, String name, LoginRecord login) {
    session.note(name, login.encode());
    Principal own = login.user().own();
    session.note(OWN, own != null && session.canCarry(own) ? own : null);
  }

  /**
   * The user is logged out.
   *
   * @param session null if it has ended
   */
  void loggedOut(@Nullable SessionAccess session) {
    restored = true;
    noted = null;
    given = null;
    before = null;
    found = null;
    if (session != null) {
      forget(session);
    }
  }

  /** A session notes nobody any more, also where another node has noted somebody. */
  static void forget(SessionAccess session) {
    session.note(USER, null);
    session.note(CHECK, null);
    session.note(OWN, null);
    if (session.principal() != null) {
      session.setPrincipal(null);
    }
  }

  /** The container has found out, or gone on without. */
  void end() {
    authenticating = false;
    LoginDetour ended = detour;
    detour = null;
    if (ended != null) {
      ended.end();
      restored &= !logins.hasPutOff(request);
    }
  }
}
