package dev.carryover.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.security.Principal;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** A request whose session is ours. Everything else is the container's request. */
final class SessionRequest extends HttpServletRequestWrapper {

  /** The request attribute that answers with the request of ours itself, and that is never set. */
  private static final String ATTRIBUTE = SessionRequest.class.getName();

  /** The one that it was made for; Tomcat puts its view of a dispatch's target in between. */
  private final HttpServletRequest container;

  private final RequestSession session;
  private @Nullable AsyncCycle async;

  SessionRequest(HttpServletRequest request, RequestSession session) {
    super(request);
    this.container = request;
    this.session = session;
  }

  /** True while it shows the target of a dispatch instead of what the container was asked for. */
  boolean isSeenElsewhere() {
    return getRequest() != container;
  }

  /** True if it is in asynchronous mode, so that the end of a dispatch is not its end. */
  boolean isUnderWay() {
    return async != null && async.isUnderWay();
  }

  /** The request goes down the chain, and may be put into asynchronous mode from now on. */
  void enters(AsyncCycle cycle) {
    async = cycle;
  }

  /** Ours in a chain of requests, or null if there is none. */
  static @Nullable SessionRequest in(ServletRequest request) {
    ServletRequest current = request;
    while (current instanceof ServletRequestWrapper) {
      if (current instanceof SessionRequest) {
        return (SessionRequest) current;
      }
      current = ((ServletRequestWrapper) current).getRequest();
    }
    // A request of the application's that is no wrapper passes on at least what it is asked.
    Object behind = current.getAttribute(ATTRIBUTE);
    return behind instanceof SessionRequest ? (SessionRequest) behind : null;
  }

  RequestSession session() {
    return session;
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: it returns null where there is none.
  public HttpSession getSession(boolean create) {
    // Jetty's authenticator asks the application's request, for a session of its own class.
    return session.isContainerAsking() ? super.getSession(create) : session.session(create);
  }

  @Override
  public HttpSession getSession() {
    return getSession(true);
  }

  /** Is asked for what no listener hears of, by the applications that it is dispatched to. */
  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: it returns null where there is none.
  public Object getAttribute(String name) {
    if (ATTRIBUTE.equals(name)) {
      return this;
    }
    return SessionElsewhere.ATTRIBUTE.equals(name)
        ? (BinaryOperator<String>) session::sessionElsewhere
        : super.getAttribute(name);
  }

  @Override
  public String changeSessionId() {
    return session.changeSessionId();
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: it returns null where there is none.
  public String getRequestedSessionId() {
    return session.requestedId();
  }

  @Override
  public boolean isRequestedSessionIdValid() {
    return session.isRequestedIdValid();
  }

  @Override
  public boolean isRequestedSessionIdFromCookie() {
    return session.isRequestedIdFromCookie();
  }

  @Override
  public boolean isRequestedSessionIdFromURL() {
    return session.isRequestedIdFromUrl();
  }

  /** As in Servlet 5.0: {@link #isRequestedSessionIdFromURL}. */
  public boolean isRequestedSessionIdFromUrl() {
    return session.isRequestedIdFromUrl();
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: it returns null where there is none.
  public Principal getUserPrincipal() {
    session.restoreLogin();
    return session.asked(super::getUserPrincipal);
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: it returns null where there is none.
  public String getRemoteUser() {
    session.restoreLogin();
    return session.asked(super::getRemoteUser);
  }

  @Override
  @SuppressWarnings("NullAway") // The API is not annotated: it returns null where there is none.
  public String getAuthType() {
    session.restoreLogin();
    return session.asked(super::getAuthType);
  }

  @Override
  public boolean isUserInRole(String role) {
    session.restoreLogin();
    return session.asked(() -> super.isUserInRole(role));
  }

  @Override
  public void login(String username, String password) throws ServletException {
    session.beginLogin();
    try {
      logInAndNote(username, password);
    } finally {
      session.endLogin();
    }
  }

  private void logInAndNote(String username, String password) throws ServletException {
    try {
      if (!session.logIn(username, password)) {
        super.login(username, password);
      }
    } finally {
      session.endAuthentication();
    }
    session.loggedIn();
  }

  @Override
  public void logout() throws ServletException {
    try {
      super.logout();
    } finally {
      session.loggedOut();
    }
  }

  @Override
  public boolean authenticate(HttpServletResponse response) throws IOException, ServletException {
    session.beginAuthentication();
    boolean isOutermost = session.beginAsking();
    boolean authenticated;
    try {
      authenticated = super.authenticate(response);
    } finally {
      session.endAsking(isOutermost);
      session.endAuthentication();
    }
    if (authenticated) {
      session.authenticated();
    }
    return authenticated;
  }

  @Override
  public AsyncContext startAsync() {
    return cycle().start();
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return cycle().start(request, response);
  }

  @Override
  public AsyncContext getAsyncContext() {
    AsyncContext container = super.getAsyncContext();
    return async == null ? container : async.context(container);
  }

  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass)
      throws IOException, ServletException {
    session.commit();
    return super.upgrade(handlerClass);
  }

  private AsyncCycle cycle() {
    if (async == null) {
      throw new IllegalStateException("The request has not reached its servlet yet");
    }
    return async;
  }

  /** Equal to the request that it stands for: the container may show that one to listeners. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || container.equals(
            other instanceof SessionRequest ? ((SessionRequest) other).container : other);
  }

  @Override
  public int hashCode() {
    return container.hashCode();
  }

  /** The container's own {@link #startAsync()}. */
  AsyncContext startContainerAsync() {
    return super.startAsync();
  }

  /** The container's own {@link #startAsync(ServletRequest, ServletResponse)}. */
  AsyncContext startContainerAsync(ServletRequest request, ServletResponse response) {
    return super.startAsync(request, response);
  }
}
