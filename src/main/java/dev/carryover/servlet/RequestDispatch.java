package dev.carryover.servlet;

import dev.carryover.session.LiveSessions;
import dev.carryover.store.SessionStoreException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a request and all its dispatches (forward, include, error, async) through one session.
 * Thread-safe.
 */
public final class RequestDispatch {

  private static final Logger log = LoggerFactory.getLogger(RequestDispatch.class);
  private static final String RETRY_AFTER_SECONDS = "2";

  private final LiveSessions sessions;
  private final SessionCookie tracking;
  private final ServletContext servletContext;
  private final ParkedSessions parked = new ParkedSessions();

  public RequestDispatch(
      LiveSessions sessions, SessionCookie tracking, ServletContext servletContext) {
    this.sessions = sessions;
    this.tracking = tracking;
    this.servletContext = servletContext;
  }

  /** Runs the rest of the chain with our request and response. */
  public void run(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    SessionRequest ours = SessionRequest.in(request);
    if (ours != null && ours.session().belongsTo(sessions)) {
      runNested(ours.session(), request, response, chain);
    } else {
      runOutermost(request, response, chain);
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

  private void runOutermost(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestSession session = session(request, response);
    SessionResponse ourResponse = new SessionResponse(response, session);
    AsyncCycle async = new AsyncCycle(session, ourResponse, endOf(request, session));
    try {
      chain.doFilter(new SessionRequest(request, session, async), ourResponse);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      parked.parkFailed(request, session);
      if (isStoreFailure(e) && !response.isCommitted()) {
        unavailable(session, response, e);
        return;
      }
      suppressing(e, session::finish);
      throw e;
    }
    if (async.isUnderWay()) {
      parked.parkAsynchronous(request, session);
      session.commit();
    } else {
      if (ourResponse.isErrorSent()) {
        parked.parkFailed(request, session);
      }
      finish(request, session, response);
    }
  }

  private RequestSession session(HttpServletRequest request, HttpServletResponse response) {
    RequestSession again = parked.fetch(request);
    if (again != null && again.belongsTo(sessions)) {
      again.reopen(response);
      return again;
    }
    return new RequestSession(sessions, tracking, servletContext, request, response);
  }

  /** What to do once an asynchronous request is complete. */
  private Runnable endOf(HttpServletRequest request, RequestSession session) {
    return () -> {
      parked.forget(ParkedSessions.requestId(request));
      session.finish();
    };
  }

  private void finish(
      HttpServletRequest request, RequestSession session, HttpServletResponse response)
      throws IOException {
    try {
      session.finish();
    } catch (SessionStoreException e) {
      if (response.isCommitted()) {
        throw e;
      }
      parked.parkFailed(request, session);
      unavailable(session, response, e);
    }
  }

  /** Without its session the request can't be answered; a later one may be. */
  private static void unavailable(
      RequestSession session, HttpServletResponse response, Throwable failure) throws IOException {
    session.giveUp();
    log.error("A request could not be answered: {}", failure.getMessage());
    response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
    response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
  }

  /** True if the store failed, however the application has wrapped it. */
  private static boolean isStoreFailure(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof SessionStoreException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  private static void suppressing(Throwable failure, Runnable end) {
    try {
      end.run();
    } catch (SessionStoreException e) {
      // A request whose store has failed gets the same exception again.
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }
}
