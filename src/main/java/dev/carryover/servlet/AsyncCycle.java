package dev.carryover.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous life of one request, from one dispatch by the container to the next: starts it,
 * and ends the request's session with it.
 */
final class AsyncCycle {

  private final SessionRequest request;
  private final ServletResponse response;
  private final boolean containerKeepsWrappers;
  private final Runnable onComplete;

  /** Where the container has dispatched the request; null if that is no path within its context. */
  private final @Nullable String path;

  private final String uri;
  private volatile boolean started;
  private volatile boolean completed;

  /**
   * @param request ours, as the container has dispatched it
   * @param response ours
   * @param containerKeepsWrappers whether a start without arguments goes on with what the
   *     application's filters have made of request and response
   * @param onComplete run when the cycle is over; perhaps more than once
   */
  AsyncCycle(
      SessionRequest request,
      ServletResponse response,
      boolean containerKeepsWrappers,
      Runnable onComplete) {
    this.request = request;
    this.response = response;
    this.containerKeepsWrappers = containerKeepsWrappers;
    this.onComplete = onComplete;
    uri = String.valueOf(request.getRequestURI());
    String context = request.getContextPath();
    path = uri.startsWith(context) ? uri.substring(context.length()) : null;
  }

  /**
   * True if a request that leaves the chain now is not complete. The container's {@code
   * isAsyncStarted} does not tell: it may be false as soon as a dispatch was asked for.
   */
  boolean isUnderWay() {
    return started && !completed;
  }

  /** Starts with our own request and response, which are the original ones to the application. */
  AsyncContext start() {
    if (containerKeepsWrappers) {
      AsyncContext container = request.startContainerAsync();
      boolean original = container.getRequest() == request && container.getResponse() == response;
      return started(container, original, null);
    }
    // In a forward, a container may have put its own view of the target into our request.
    boolean isElsewhere = !request.getRequestURI().equals(uri);
    return started(request.startContainerAsync(request, response), true, isElsewhere ? path : null);
  }

  /** Starts with what the application passes on. */
  AsyncContext start(ServletRequest passed, ServletResponse passedResponse) {
    boolean original =
        passed == request && !request.isSeenElsewhere() && passedResponse == response;
    return started(request.startContainerAsync(passed, passedResponse), original, null);
  }

  /** The context that was handed out for a container's. */
  AsyncContext context(AsyncContext container) {
    return SessionAsyncContext.of(container, request.session());
  }

  private AsyncContext started(AsyncContext container, boolean original, @Nullable String path) {
    SessionAsyncContext context = SessionAsyncContext.of(container, request.session());
    context.starts(original, path);
    container.addListener(new EndOfCycle());
    started = true;
    return context;
  }

  /** Ends the request's session once the cycle is over. */
  private final class EndOfCycle implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
      completed = true;
      onComplete.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      // The container forgets listeners when a new cycle starts; start() has added the next.
    }
  }
}
