package dev.carryover.servlet;

import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.RequestPatience;
import dev.carryover.session.SessionAccess;
import dev.carryover.session.SessionId;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one request has to do with its session: the ids it came with, the session it opened or
 * created, and the cookie its response carries. Shared by the wrappers of all its dispatches.
 *
 * <p>Thread-safe: an asynchronous request has several threads.
 */
final class RequestSession {

  private final LiveSessions sessions;
  private final ListenerBridge listeners;
  private final SessionCookie tracking;
  private final AccessRules rules;

  /** The container's, not ours. */
  private final HttpServletRequest request;

  private final ResponseCookie cookie;

  /** Null where the container keeps its logins. */
  private final @Nullable RequestLogin login;

  private final AskingThreads asking = new AskingThreads();

  private final RequestedIds requestedIds;
  private @Nullable SessionAccess openedAccess;

  /** The session's id when it was opened, or what this request has changed it to if that counts. */
  private @Nullable String validId;

  private boolean askedStore;
  private boolean touched;
  private boolean finished;

  /** It is with a dispatch of its request, which ends in {@link #finish}. */
  private boolean dispatched;

  private final LoginAdmission admission;

  /** The id that the session has is one that the client did not have before this request. */
  private boolean hasNewId;

  private final RequestUser user;

  private @Nullable SessionAccess access;

  private final RequestPatience patience = new RequestPatience();

  /** The request ends in an error because the store has failed it. */
  private boolean givenUp;

  private volatile @Nullable SessionAsyncContext asyncContext;

  RequestSession(
      LiveSessions sessions,
      ListenerBridge listeners,
      ContainerAdapter container,
      SessionCookie tracking,
      @Nullable LoginCarrier logins,
      AccessRules rules,
      HttpServletRequest request) {
    this.sessions = sessions;
    this.listeners = listeners;
    this.tracking = tracking;
    this.rules = rules;
    this.request = request;
    requestedIds = new RequestedIds(request, tracking);
    admission = new LoginAdmission(rules.limit());
    user = new RequestUser(rules.users());
    cookie = new ResponseCookie(tracking, request, container);
    login = logins == null ? null : new RequestLogin(logins, sessions, request);
  }

  boolean belongsTo(LiveSessions owner) {
    return sessions == owner;
  }

  // ---- the session

  /**
   * The request's session, opened at the first call.
   *
   * @throws IllegalStateException if one would have to be created, and the client can't be told
   */
  synchronized @Nullable HttpSession session(boolean create) {
    SessionAccess current = current();
    if (current == null && create) {
      current = create();
    }
    return current == null ? null : adapter(current);
  }

  /** Gives the session a new id, and the client with it. */
  synchronized String changeSessionId() {
    SessionAccess current = current();
    if (current == null) {
      throw new IllegalStateException("There is no session whose id could be changed");
    }
    if (!canTell() && cookie.refusesLateIdChanges()) {
      throw new IllegalStateException(
          "The response is committed: the client can't be given the session's new id");
    }
    String oldId = rotate(current);
    listeners.idChangedByApplication(current, oldId);
    return current.id();
  }

  /** The container has just logged the user in. */
  synchronized void loggedIn() {
    SessionAccess current = current();
    if (current == null || (login != null && login.isNoted())) {
      return;
    }
    boolean isRenewed = renewId(current);
    String principal = principalName();
    user.knownToContainer(principal != null);
    if (!isRenewed) {
      return;
    }
    setUser(current, principal);
    if (login != null) {
      login.save(current);
    }
  }

  private void setUser(SessionAccess current, @Nullable String name) {
    admission.loggedIn(name != null);
    current.setPrincipal(name);
  }

  /** The container may have authenticated the user; a user not seen before gets a new id. */
  synchronized void authenticated() {
    SessionAccess current = current();
    if (current != null) {
      notePrincipal(current);
    }
  }

  /**
   * The same, where the session is looked at only if it is open, and does not get back who has been
   * logged out since it was.
   */
  synchronized void userMayBeKnown() {
    SessionAccess open = access;
    if (open != null && !open.isEnded() && !isLoggedOutMeanwhile(open)) {
      notePrincipal(open);
    }
  }

  private boolean isLoggedOutMeanwhile(SessionAccess open) {
    return login != null && login.isNoted() && !login.isNotedIn(open);
  }

  synchronized void loggedOut() {
    user.knownToContainer(false);
    SessionAccess current = current();
    if (login != null) {
      login.loggedOut(current);
    } else if (current != null) {
      RequestLogin.forget(current);
    }
  }

  // ---- logins that the container does

  /** The container gets to know the user that the session notes. */
  synchronized void restoreLogin() {
    if (login != null && !login.isRestored() && !givenUp && elsewhere() == null) {
      login.restore(sentSession());
      if (login.isNoted()) {
        user.knownToContainer(true);
      }
    }
  }

  /** Who the user is can't be found out; containers ask again, where nothing may fail any more. */
  synchronized void goOnWithoutUser() {
    if (login != null) {
      login.restoreNobody();
    }
  }

  private @Nullable SessionAccess sentSession() {
    return requestedIds.isEmpty() && access == null ? null : current();
  }

  /** The container is about to find out who the user is, or to send him to log in. */
  synchronized void beginAuthentication() {
    if (login != null && !givenUp && elsewhere() == null) {
      login.begin(sentSession());
      if (login.isNoted()) {
        user.knownToContainer(true);
      }
    }
  }

  /** Whether it is the container that asks for a session, and for one of its own. */
  boolean isContainerAsking() {
    return login == null ? asking.isThisOne() : isAuthenticating(login);
  }

  private synchronized boolean isAuthenticating(RequestLogin known) {
    return known.isAuthenticating();
  }

  /** What the container says of its user, while its own session is the one that it gets to see. */
  <T extends @Nullable Object> T asked(Supplier<T> question) {
    return login == null ? asking.asked(question) : question.get();
  }

  /** The container is about to look for its user; false if it is already, in this thread. */
  boolean beginAsking() {
    return login == null && asking.begin();
  }

  void endAsking(boolean isOutermost) {
    if (isOutermost) {
      asking.end();
    }
  }

  /** The application is about to log the user in. */
  synchronized void beginLogin() {
    if (login != null && !givenUp && elsewhere() == null) {
      login.beginProgrammatic(sentSession());
    }
  }

  /** Logs the user in, unless the container is to do it by itself: false then. */
  boolean logIn(String name, String password) throws ServletException {
    HttpServletResponse response = response();
    return login != null && response != null && login.logIn(response, name, password);
  }

  private synchronized @Nullable HttpServletResponse response() {
    return cookie.response();
  }

  /** It has, and {@link #loggedIn} knows of it, or it could not. */
  synchronized void endLogin() {
    if (login != null) {
      login.endProgrammatic();
    }
  }

  /**
   * It has: the session notes it, before anything else happens. Does nothing where no
   * authentication is under way.
   */
  synchronized void endAuthentication() {
    RequestLogin ending = login;
    if (ending == null || !ending.isAuthenticating()) {
      return;
    }
    try {
      keep(ending);
    } finally {
      ending.end();
    }
  }

  private void keep(RequestLogin ending) {
    SessionAccess current = givenUp ? null : sentSession();
    boolean hasNewUser = ending.isUserNew() && ending.userName() != null;
    if (current == null && !givenUp && ending.needsSession()) {
      current = create();
    } else if (current != null && hasNewUser && !renewId(current)) {
      return;
    }
    if (current != null && hasNewUser) {
      user.knownToContainer(true);
      setUser(current, ending.userName());
    }
    if (current != null) {
      ending.save(current);
    }
  }

  private @Nullable SessionAccess current() {
    SessionAccess current = access;
    if (current != null && current.isEnded()) {
      access = null;
      current.release();
    }
    if (!askedStore) {
      patience.asking(this::open);
    }
    return access;
  }

  private void open() {
    RequestedId from = null;
    SessionAccess found = null;
    Set<String> tried = new LinkedHashSet<>();
    for (RequestedId candidate : requestedIds.all()) {
      String id = candidate.id();
      if (found == null && id != null && tried.add(id)) {
        found = sessions.open(id);
        from = candidate;
      }
    }
    String noted = found == null ? notedElsewhere() : "";
    if (SessionId.isWellFormed(noted)) {
      found = sessions.open(noted);
      from = null;
    }
    askedStore = true;
    if (found != null && mayUse(found, from)) {
      requestedIds.found(from);
      openedAccess = found;
      access = found;
      use(found);
    }
  }

  private void use(SessionAccess found) {
    found.waitsWith(patience);
    validId = found.id();
    notePrincipal(found);
    if (login != null && login.isNotedIn(found)) {
      user.knownToContainer(true);
    }
    user.opened(found);
    releaseIfFinished(found);
  }

  /**
   * Whether the request may have the session; if not, it has none. Until that is known nobody gets
   * it, even if finding out fails.
   */
  private boolean mayUse(SessionAccess found, @Nullable RequestedId from) {
    ClientBinding binding = rules.binding();
    if (binding == null) {
      return true;
    }
    try {
      boolean mayUse = binding.admits(found, request);
      if (!mayUse && binding.endsOthers()) {
        cookie.take(from != null && from.fromCookie());
      }
      if (!mayUse) {
        found.release();
      }
      return mayUse;
    } catch (RuntimeException | Error e) {
      askedStore = false;
      found.release();
      throw e;
    }
  }

  private SessionAccess create() {
    if (!givenUp && !canTell(cookie.isCommitted())) {
      throw new IllegalStateException(
          "The response is committed: the client can't be given the id of a new session");
    }
    SessionAccess created = sessions.create();
    access = created;
    created.waitsWith(patience);
    hasNewId = true;
    ClientBinding binding = rules.binding();
    if (binding != null) {
      binding.bind(created, request);
    }
    String principal = principalName();
    if (principal != null) {
      user.knownToContainer(true);
      setUser(created, principal);
    }
    if (!givenUp) {
      tell(created.id());
    }
    releaseIfFinished(created);
    return created;
  }

  private @Nullable SessionElsewhere elsewhere() {
    return SessionElsewhere.of(request, listeners.contextPath());
  }

  private String notedElsewhere() {
    SessionElsewhere elsewhere = elsewhere();
    return elsewhere == null ? "" : elsewhere.notedId();
  }

  /**
   * For another web application that this request is dispatched to: notes the id of its session
   * there, and answers the one that is noted.
   *
   * @param id empty to ask only
   */
  synchronized String sessionElsewhere(String contextPath, String id) {
    SessionAccess current = current();
    if (current == null && !id.isEmpty()) {
      current = create();
    }
    if (current != null && !id.isEmpty()) {
      current.noteSessionElsewhere(contextPath, id);
    }
    String noted = current == null ? null : current.sessionElsewhere(contextPath);
    return noted == null ? "" : noted;
  }

  /** A thread of the application's may use its request for longer than the container does. */
  private void releaseIfFinished(SessionAccess current) {
    if (finished) {
      current.release();
    }
  }

  private void notePrincipal(SessionAccess current) {
    String principal = principalName();
    user.knownToContainer(principal != null);
    if (principal != null && !principal.equals(current.principal()) && renewId(current)) {
      setUser(current, principal);
    }
  }

  /**
   * Somebody has logged in: the session gets a new id, unless the client can't be told any more and
   * would lose it. Nor may the session be his then, under an id that others may have given him: the
   * next request that finds him out does both.
   *
   * @return whether the client alone knows the id now
   */
  private boolean renewId(SessionAccess current) {
    if (canTell()) {
      rotate(current);
      return true;
    }
    return hasNewId;
  }

  private boolean canTell() {
    return canTell(cookie.isTooLate());
  }

  private boolean canTell(boolean tooLate) {
    return !tracking.inCookies() || !tooLate || elsewhere() != null;
  }

  /** The application has got or set an attribute, in this request. */
  void attributeUsed(String name) {
    if (user.mayBeToldBy(name)) {
      synchronized (this) {
        user.used(name);
      }
    }
  }

  /** The application has removed an attribute; if it told who the user was, nobody is now. */
  void attributeRemoved(SessionAccess current, String name, @Nullable Object value) {
    if (value != null && user.mayBeToldBy(name)) {
      synchronized (this) {
        if (user.wasToldBy(name, value, current)) {
          current.setPrincipal(null);
        }
      }
    }
  }

  /**
   * Looks who the user is by the attributes that this request has used. A user not seen before gets
   * a new id, unless the client gets one already. When the client can't be told any more, that is
   * left to the next request that uses the attribute.
   */
  private void noteUser(SessionAccess current) {
    String name = user.told(current);
    if (name == null || name.equals(current.principal())) {
      return;
    }
    if (user.isAsBefore(current, name)) {
      // The attribute was removed and set again: that is no login.
      current.setPrincipal(name);
    } else if (hasNewId || renewId(current)) {
      setUser(current, name);
    }
  }

  private @Nullable String principalName() {
    Principal principal = asked(request::getUserPrincipal);
    return principal == null ? null : principal.getName();
  }

  private String rotate(SessionAccess current) {
    String oldId = current.rotate();
    hasNewId = true;
    if (listeners.rotatedIdStaysValid()) {
      validId = current.id();
    }
    tell(current.id());
    return oldId;
  }

  private HttpSession adapter(SessionAccess current) {
    HttpSessionAdapter session = listeners.session(current);
    session.belongsTo(this);
    return session.face();
  }

  /** The application has ended its session. */
  void invalidate(SessionAccess ended) {
    findUserFirst();
    patience.asking(ended::invalidate);
    synchronized (this) {
      // Beyond the request, the response may be another request's already.
      if (ended == access && !finished) {
        cookie.take(isRequestedIdFromCookie());
      }
      if (!finished) {
        endContainersOwn();
      }
    }
  }

  /** Beyond the request, the container's may be another client's, or nobody's. */
  private synchronized void findUserFirst() {
    if (!finished && login != null && login.findsUserFirst()) {
      restoreLogin();
    }
  }

  /**
   * The session in which a container keeps a login, by a form for example, is over too: to
   * applications that is what ends the login.
   */
  private void endContainersOwn() {
    HttpSession own = elsewhere() == null ? request.getSession(false) : null;
    if (own != null) {
      own.invalidate();
    }
  }

  // ---- the ids the client sent

  /** What the client sent: the id that was found, else the first, else null. */
  synchronized @Nullable String requestedId() {
    RequestedId requested = requested();
    return requested == null ? null : requested.clientValue();
  }

  synchronized boolean isRequestedIdValid() {
    SessionAccess current = requestedIds.isEmpty() ? null : current();
    return current != null
        && current == openedAccess
        && !current.isGone()
        && current.id().equals(validId);
  }

  synchronized boolean isRequestedIdFromCookie() {
    RequestedId requested = requested();
    return requested != null && requested.fromCookie();
  }

  synchronized boolean isRequestedIdFromUrl() {
    RequestedId requested = requested();
    return requested != null && !requested.fromCookie();
  }

  private @Nullable RequestedId requested() {
    if (requestedIds.isAmbiguous()) {
      current();
    }
    return requestedIds.requested();
  }

  // ---- what the client is told

  /** A URL with the session's id in it, if that is how the client has to be told. */
  synchronized @Nullable String encode(@Nullable String url) {
    String parameter = tracking.urlParameter();
    if (url == null || parameter == null || isRequestedIdFromCookie()) {
      return url;
    }
    SessionAccess current = access == null && requestedIds.isEmpty() ? null : current();
    return current == null
        ? url
        : UrlRewriting.rewrite(request, url, parameter, tracking.clientValue(current.id()));
  }

  /**
   * As {@link #encode}, for an address that the client is about to be sent to. If it is the
   * container that asks, it has decided, and nothing is written once it has sent it.
   */
  @Nullable String encodeRedirect(@Nullable String url) {
    if (login != null && isAuthenticating(login)) {
      endAuthentication();
      commit();
    }
    return encode(url);
  }

  /** Puts the session's cookie back after the response's fields were cleared. */
  synchronized void restoreCookie() {
    cookie.restore();
  }

  private void tell(String id) {
    SessionElsewhere elsewhere = elsewhere();
    if (elsewhere != null) {
      elsewhere.note(id);
    } else {
      cookie.send(id);
    }
  }

  // ---- the request's course

  /** The changes so far reach the store before the client can see anything of the response. */
  void commit() {
    admission.requireNotRefused();
    SessionAccess current;
    synchronized (this) {
      current = givenUp ? null : access;
      if (current != null) {
        noteUser(current);
      }
    }
    if (current != null) {
      patience.asking(
          () -> {
            current.commit();
            admission.look(current, this::tellRefusal);
          });
    }
  }

  /** The client, whose login was one too many, has no session any more. */
  synchronized void tellRefusal() {
    admission.forgetRefusal();
    cookie.take(isRequestedIdFromCookie());
  }

  /**
   * As {@link #commit}, for a request that goes on asynchronously, without a thread that could
   * answer it now: a login that is one too many is refused when the request is completed.
   */
  void commitUnderWay() {
    admission.whileUnderWay(this::commit);
  }

  /** The request is over; an error page may still follow, see {@link #dispatched}. */
  void finish() {
    admission.forgetRefusal();
    try {
      commit();
    } finally {
      release();
    }
  }

  /** The request is over and nobody is answered any more: nothing is saved, or told a client. */
  void leave() {
    release();
  }

  private synchronized void release() {
    finished = true;
    dispatched = false;
    if (access != null) {
      access.release();
    }
    if (!askedStore && !touched && !patience.isSpent()) {
      touched = true;
      requestedIds.wellFormed().forEach(sessions::touch);
    }
  }

  /**
   * The request ends in an error, because the store has failed it. The client keeps the cookie that
   * it has. An error page that asks for a session, as every JSP does, gets one that nobody keeps.
   */
  synchronized void giveUp() {
    release();
    String known = requestedIds.foundInCookie();
    access = null;
    requestedIds.found(null);
    askedStore = true;
    givenUp = true;
    cookie.giveUp(known);
  }

  /**
   * The request is dispatched with a response: for the first time, or again, to an error page.
   *
   * @param containerResponse the container's, not ours
   */
  synchronized void dispatched(HttpServletResponse containerResponse) {
    cookie.answersWith(containerResponse);
    finished = false;
    dispatched = true;
    if (access != null) {
      access.reacquire();
    }
  }

  /** Whether it is with a dispatch of its request now. */
  synchronized boolean isDispatched() {
    return dispatched;
  }

  /** The asynchronous context that the application was given last. */
  @Nullable SessionAsyncContext asyncContext() {
    return asyncContext;
  }

  void asyncContext(SessionAsyncContext context) {
    asyncContext = context;
  }
}
