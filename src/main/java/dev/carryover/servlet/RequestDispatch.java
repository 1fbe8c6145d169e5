package dev.carryover.servlet;

import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.LoginHook;
import dev.carryover.servlet.container.RequestListenerHook;
import dev.carryover.session.LiveSessions;
import dev.carryover.session.SessionUnavailableException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a request and all its dispatches (forward, include, error, async) through one session.
 * Thread-safe.
 */
public final class RequestDispatch implements RequestListenerHook, LoginHook {

  private static final Logger log = LoggerFactory.getLogger(RequestDispatch.class);

  private final LiveSessions sessions;
  private final ListenerBridge listeners;
  private final ContainerAdapter container;
  private final SessionCookie tracking;
  private final @Nullable LoginCarrier logins;
  private final AccessRules rules;
  private final ParkedSessions parked;
  private final EarlyRequests early;

  /**
   * Wires it.
   *
   * @param logins null if the container keeps its logins
   */
  public RequestDispatch(
      LiveSessions sessions,
      ListenerBridge listeners,
      ContainerAdapter container,
      SessionCookie tracking,
      @Nullable LoginCarrier logins,
      AccessRules rules) {
    this.sessions = sessions;
    this.listeners = listeners;
    this.container = container;
    this.tracking = tracking;
    this.logins = logins;
    this.rules = rules;
    this.parked = new ParkedSessions(container.requestIdsRecur());
    this.early = new EarlyRequests(container.requestIdsRecur());
  }

  /** The request listeners see our request, the same one that goes down the chain then. */
  @Override
  public ServletRequest requestInitialized(ServletRequest request) {
    return request instanceof HttpServletRequest ? early((HttpServletRequest) request) : request;
  }

  private ServletRequest early(HttpServletRequest request) {
    if (oursIn(request) != null) {
      early.roundBegins(request);
      return request;
    }
    return early.listenersBegin(request, () -> wrap(request, parked.fetchEarly(request)));
  }

  @Override
  public ServletRequest requestDestroyed(ServletRequest request) {
    SessionRequest ours = early.find(request);
    return ours == null ? request : ours;
  }

  /** What the listeners have done last is saved; an asynchronous request goes on. */
  @Override
  public void afterRequestDestroyed(ServletRequest request) {
    SessionRequest ours = early.find(request);
    if (ours == null) {
      return;
    }
    early.roundEnds(request);
    if (ours.isUnderWay()) {
      commitUnderWay(ours.session());
    } else {
      ours.session().finish();
    }
  }

  /**
   * The container's authenticator runs with the user that our session notes, and what it finds out
   * is noted there: by the filter, before the application sees the request or a login page, or
   * else, as with the answer to a login, at the end.
   */
  @Override
  public void authenticate(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean asksForUser,
      Authentication authentication)
      throws IOException, ServletException {
    SessionRequest ours =
        early.roundBegins(request, () -> wrap(request, parked.fetchEarly(request)));
    try {
      authenticate(ours, response, asksForUser, authentication);
    } catch (SessionUnavailableException e) {
      if (response.isCommitted()) {
        throw e;
      }
      giveUp(ours.session(), response, e);
      parked.parkFailed(request, ours.session());
      authentication.refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } catch (TooManySessionsException e) {
      if (response.isCommitted()) {
        throw e;
      }
      Refusal.sayLoginTooMany(e);
      parked.parkFailed(request, ours.session());
      authentication.refuse(HttpServletResponse.SC_FORBIDDEN);
    } finally {
      early.roundEnds(request);
    }
  }

  @Override
  public void decide(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean asksForUser,
      Decision decision)
      throws IOException, ServletException {
    SessionRequest ours = early.roundBegins(request, () -> wrap(request, null));
    RequestSession session = ours.session();
    boolean isNested = session.isDispatched();
    try {
      if (!isNested) {
        session.dispatched(response);
      }
      decide(session, asksForUser, decision);
      decision.answer();
      if (!isNested) {
        session.finish();
      }
    } catch (SessionUnavailableException e) {
      if (response.isCommitted()) {
        throw e;
      }
      giveUp(session, response, e);
      decision.refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } catch (TooManySessionsException e) {
      if (response.isCommitted()) {
        throw e;
      }
      Refusal.sayLoginTooMany(e);
      decision.refuse(HttpServletResponse.SC_FORBIDDEN);
    } finally {
      if (!isNested) {
        session.leave();
      }
      early.roundEnds(request);
    }
    if (!isNested && decision.goesOn()) {
      parked.handOn(request, session);
    }
  }

  private static void decide(RequestSession session, boolean asksForUser, Decision decision)
      throws IOException, ServletException {
    try {
      session.beginAuthentication();
      try {
        decision.find();
      } finally {
        session.endAuthentication();
      }
      session.commit();
    } catch (SessionUnavailableException e) {
      if (asksForUser || !decision.goesOn()) {
        throw e;
      }
      session.goOnWithoutUser();
      log.debug("A request goes on without its user: {}", e.getMessage());
    }
  }

  private static void authenticate(
      SessionRequest ours,
      HttpServletResponse response,
      boolean asksForUser,
      Authentication authentication)
      throws IOException, ServletException {
    RequestSession session = ours.session();
    if (asksForUser) {
      session.dispatched(response);
      session.beginAuthentication();
    }
    try {
      authentication.run();
    } finally {
      session.endAuthentication();
    }
    if (asksForUser && !ours.isUnderWay()) {
      session.finish();
    }
  }

  @Override
  public String redirects(HttpServletRequest request, String url) {
    SessionRequest ours = early.find(request);
    if (ours == null) {
      return url;
    }
    String encoded = ours.session().encodeRedirect(url);
    return encoded == null ? url : encoded;
  }

  /** Runs the rest of the chain with our request and response. */
  public void run(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    SessionRequest ours = oursIn(request);
    if (ours == null) {
      runOutermost(request, response, chain);
    } else if (request.getDispatcherType() == DispatcherType.ASYNC) {
      runAgain(ours.session(), request, response, chain);
    } else {
      runNested(ours.session(), request, response, chain);
    }
  }

  /**
   * A dispatch within a request that is ours already. The container may close the response as soon
   * as it is over.
   */
  private static void runNested(
      RequestSession session,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      suppressing(e, session::commit);
      throw e;
    }
    session.commit();
  }

  /** An asynchronous request comes back to the chain, with nothing of ours around it. */
  private static void runAgain(
      RequestSession session,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
      if (request.isAsyncStarted()) {
        commitUnderWay(session);
      } else {
        session.commit();
      }
    } catch (IOException | ServletException | RuntimeException | Error e) {
      suppressing(e, session::commit);
      if (response.isCommitted() || request.isAsyncStarted()) {
        throw e;
      } else if (Refusal.isUnavailable(e)) {
        unavailable(session, response, e);
      } else if (Refusal.isLoginTooMany(e)) {
        session.tellRefusal();
        refused(response, e);
      } else {
        throw e;
      }
    }
  }

  private void runOutermost(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestSession handedOn = logins == null ? null : parked.takeHandedOn(request);
    SessionRequest ours = ours(request, handedOn);
    if (handedOn == null) {
      runOutermost(ours, false, request, response, chain);
      return;
    }
    // The application may have the container ask once more.
    early.roundBegins(request, () -> ours);
    try {
      runOutermost(ours, true, request, response, chain);
    } finally {
      early.roundEnds(request);
    }
  }

  private void runOutermost(
      SessionRequest ours,
      boolean isHandedOn,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    RequestSession session = ours.session();
    session.dispatched(response);
    SessionResponse ourResponse = new SessionResponse(response, session);
    AsyncCycle async =
        new AsyncCycle(
            ours, ourResponse, container.keepsWrappersWhenAsync(), endOf(request, session));
    enters(ours, request, async);
    try {
      if (isHandedOn) {
        session.userMayBeKnown();
      }
      session.endAuthentication();
      chain.doFilter(ours, ourResponse);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      parked.parkFailed(request, session);
      if (Refusal.isUnavailable(e) && !response.isCommitted()) {
        unavailable(session, response, e);
        return;
      }
      suppressing(e, session::finish);
      if (Refusal.isLoginTooMany(e) && !response.isCommitted()) {
        refused(response, e);
        return;
      }
      throw e;
    }
    if (async.isUnderWay()) {
      parked.parkAsynchronous(request, session);
      commitUnderWay(session);
    } else {
      if (ourResponse.isErrorSent()) {
        parked.parkFailed(request, session);
      }
      finish(request, session, response);
    }
  }

  /** So does the one that its listeners have seen, if a filter before ours has wrapped that. */
  private void enters(SessionRequest ours, HttpServletRequest request, AsyncCycle async) {
    ours.enters(async);
    SessionRequest seen = early.find(request);
    if (seen != null && !seen.isUnderWay()) {
      seen.enters(async);
    }
  }

  /**
   * What was done until the request went on asynchronously is saved, if that is possible. If it is
   * not, its completion will try again and be refused: the container must not end it here.
   */
  private static void commitUnderWay(RequestSession session) {
    try {
      session.commitUnderWay();
    } catch (SessionUnavailableException e) {
      log.debug("Not saved before the request is complete: {}", e.getMessage());
    }
  }

  /** Our request: the one its listeners have seen, or a new one, perhaps with a known session. */
  private SessionRequest ours(HttpServletRequest request, @Nullable RequestSession handedOn) {
    SessionRequest seen = early.find(request);
    if (seen != null) {
      return seen.getRequest() == request ? seen : new SessionRequest(request, seen.session());
    }
    return wrap(request, handedOn == null ? parked.fetch(request) : handedOn);
  }

  /**
   * A request of ours.
   *
   * @param again the session of the same request before, or null
   */
  private SessionRequest wrap(HttpServletRequest request, @Nullable RequestSession again) {
    return new SessionRequest(
        request,
        again != null && again.belongsTo(sessions)
            ? again
            : new RequestSession(sessions, listeners, container, tracking, logins, rules, request));
  }

  private @Nullable SessionRequest oursIn(ServletRequest request) {
    SessionRequest ours = SessionRequest.in(request);
    return ours != null && ours.session().belongsTo(sessions) ? ours : null;
  }

  /** What to do once an asynchronous request is complete. */
  private Runnable endOf(HttpServletRequest request, RequestSession session) {
    return () -> {
      parked.forget(request);
      early.asyncEnds(request, session);
      session.finish();
    };
  }

  private void finish(
      HttpServletRequest request, RequestSession session, HttpServletResponse response)
      throws IOException {
    try {
      session.finish();
    } catch (SessionUnavailableException e) {
      if (response.isCommitted()) {
        throw e;
      }
      parked.parkFailed(request, session);
      unavailable(session, response, e);
    } catch (TooManySessionsException e) {
      if (response.isCommitted()) {
        throw e;
      }
      parked.parkFailed(request, session);
      refused(response, e);
    }
  }

  /** Without its session the request can't be answered; a later one may be. */
  private static void unavailable(
      RequestSession session, HttpServletResponse response, Throwable failure) throws IOException {
    giveUp(session, response, failure);
    response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
  }

  /** A login too many: the session has ended, and the client has no cookie any more. */
  private static void refused(HttpServletResponse response, Throwable refusal) throws IOException {
    Refusal.sayLoginTooMany(refusal);
    response.sendError(HttpServletResponse.SC_FORBIDDEN);
  }

  private static void giveUp(
      RequestSession session, HttpServletResponse response, Throwable failure) {
    session.giveUp();
    Refusal.sayUnavailable(failure);
    response.setHeader("Retry-After", Refusal.RETRY_AFTER_SECONDS);
  }

  private static void suppressing(Throwable failure, Runnable end) {
    try {
      end.run();
    } catch (SessionUnavailableException | TooManySessionsException e) {
      // A request whose store has failed gets the same exception again.
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }
}
