package dev.carryover.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of requests that the container may dispatch again without our wrapper: to an error page
 * once the chain is left, or when an asynchronous cycle fails. Thread-safe.
 *
 * <p>A request attribute would do, but the application's listeners would see it. So requests are
 * told apart by their id, which Servlet 6.0 brought; only older containers get the attribute. An
 * error page is dispatched by the thread that left the chain, so what nobody fetches is kept until
 * the thread's next failure at most. An asynchronous request's session is kept until its end.
 */
final class ParkedSessions {

  /** Each web application has its own, since it has classes of its own. */
  private static final String ATTRIBUTE =
      ParkedSessions.class.getName() + '@' + System.identityHashCode(ParkedSessions.class);

  private static final String HANDED_ON = ATTRIBUTE + ".handed-on";

  private final Map<Thread, Entry> failed = Collections.synchronizedMap(new WeakHashMap<>());
  private final Map<RequestKey, RequestSession> asynchronous = new ConcurrentHashMap<>();

  private final boolean requestIdsRecur;

  ParkedSessions() {
    this(false);
  }

  /**
   * For one web application.
   *
   * @param requestIdsRecur whether this container's ids of requests are those of later ones too
   */
  ParkedSessions(boolean requestIdsRecur) {
    this.requestIdsRecur = requestIdsRecur;
  }

  private boolean isForGood(RequestKey key) {
    return !requestIdsRecur && key.isForGood();
  }

  /** The chain was left with an error that the container will handle, on this thread. */
  void parkFailed(HttpServletRequest request, RequestSession session) {
    RequestKey key = RequestKey.of(request);
    if (!isForGood(key)) {
      request.setAttribute(ATTRIBUTE, session);
    } else {
      failed.put(Thread.currentThread(), new Entry(key, session));
    }
  }

  /** The chain was left by a request that goes on asynchronously. */
  void parkAsynchronous(HttpServletRequest request, RequestSession session) {
    RequestKey key = RequestKey.of(request);
    if (!isForGood(key)) {
      request.setAttribute(ATTRIBUTE, session);
    } else {
      asynchronous.put(key, session);
    }
  }

  /**
   * The container has asked who the user of a request is, and is about to go on. Where it does so,
   * requests may not have an id of their own, and forget their attributes when they end.
   */
  void handOn(HttpServletRequest request, RequestSession session) {
    request.setAttribute(HANDED_ON, session);
  }

  /** What was handed on, once. */
  @Nullable RequestSession takeHandedOn(HttpServletRequest request) {
    Object session = request.getAttribute(HANDED_ON);
    if (session instanceof RequestSession) {
      request.removeAttribute(HANDED_ON);
      return (RequestSession) session;
    }
    return null;
  }

  /** The session of a request that was here before, or null if it is a new one. */
  @Nullable RequestSession fetch(HttpServletRequest request) {
    return request.getDispatcherType() == DispatcherType.REQUEST ? null : fetchEarly(request);
  }

  /**
   * The same for a request that listeners are told of before it is dispatched: Jetty says only then
   * that it is dispatched to an error page.
   */
  @Nullable RequestSession fetchEarly(HttpServletRequest request) {
    RequestKey key = RequestKey.of(request);
    if (!isForGood(key)) {
      Object session = request.getAttribute(ATTRIBUTE);
      return session instanceof RequestSession ? (RequestSession) session : null;
    }
    RequestSession session = asynchronous.get(key);
    if (session != null) {
      return session;
    }
    Entry entry = failed.remove(Thread.currentThread());
    return entry != null && entry.request.equals(key) ? entry.session : null;
  }

  /** An asynchronous request has ended. */
  void forget(HttpServletRequest request) {
    asynchronous.remove(RequestKey.of(request));
  }

  private static final class Entry {
    private final RequestKey request;
    private final RequestSession session;

    private Entry(RequestKey request, RequestSession session) {
      this.request = request;
      this.session = session;
    }
  }
}
