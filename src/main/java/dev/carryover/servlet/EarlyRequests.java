package dev.carryover.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Our requests that the application's request listeners have seen, before the chain has; known
 * until their end, so that all dispatches and listeners have the same one. Thread-safe.
 *
 * <p>Containers tell listeners in rounds, of a beginning and an end: one for the whole of an
 * asynchronous request, one for each of its dispatches, or none for its later ones. So a request
 * has ended when no round is open and it is not in asynchronous mode, whichever comes last. To
 * forget it then matters: before Servlet 6.0 a request has no id and is known by the container's
 * object, which containers use again for the next request of the connection, perhaps another
 * user's.
 */
final class EarlyRequests {

  private final Map<RequestKey, Early> known = new ConcurrentHashMap<>();
  private final boolean requestIdsRecur;

  /**
   * For one web application.
   *
   * @param requestIdsRecur whether this container's ids of requests are those of later ones too: it
   *     does not tell of the end of each
   */
  EarlyRequests(boolean requestIdsRecur) {
    this.requestIdsRecur = requestIdsRecur;
  }

  /** The first listener is told of a request: as {@link #roundBegins}, but it may be a new one. */
  SessionRequest listenersBegin(HttpServletRequest request, Supplier<SessionRequest> made) {
    if (requestIdsRecur) {
      // Such a container has one round for each request.
      forget(request);
    }
    return roundBegins(request, made);
  }

  /** A round begins: our request for it, made if there is none yet. */
  SessionRequest roundBegins(HttpServletRequest request, Supplier<SessionRequest> made) {
    if (isNew(request)) {
      forget(request);
    }
    Early present =
        known.compute(
            RequestKey.of(request),
            (key, early) -> begun(early == null ? new Early(made.get()) : early));
    return present.request;
  }

  /** Whether what is known by its key must be another's, which was never completed. */
  private boolean isNew(HttpServletRequest request) {
    Early early = requestIdsRecur ? known.get(RequestKey.of(request)) : null;
    return early != null
        && early.openRounds <= 0
        && request.getDispatcherType() == DispatcherType.REQUEST
        && !request.isAsyncStarted();
  }

  /** Nobody gets anything of an earlier request. */
  private void forget(HttpServletRequest request) {
    Early another = known.remove(RequestKey.of(request));
    if (another != null) {
      another.request.session().leave();
    }
  }

  /** A round begins in which the container tells of our request anyway. */
  void roundBegins(HttpServletRequest request) {
    known.computeIfPresent(RequestKey.of(request), (key, early) -> begun(early));
  }

  /** Our request, or null if listeners have not seen it. */
  @Nullable SessionRequest find(ServletRequest request) {
    Early early = known.get(RequestKey.of(request));
    return early == null ? null : early.request;
  }

  /** A round is over. */
  void roundEnds(ServletRequest request) {
    known.computeIfPresent(
        RequestKey.of(request),
        (key, early) -> {
          early.openRounds--;
          return early.openRounds > 0 || early.request.isUnderWay() ? early : null;
        });
  }

  /** An asynchronous request is complete; its key may be that of the next already. */
  void asyncEnds(ServletRequest request, RequestSession session) {
    known.computeIfPresent(
        RequestKey.of(request),
        (key, early) -> early.openRounds > 0 || early.request.session() != session ? early : null);
  }

  private static Early begun(Early early) {
    early.openRounds++;
    return early;
  }

  private static final class Early {
    private final SessionRequest request;
    private int openRounds;

    private Early(SessionRequest request) {
      this.request = request;
    }
  }
}
