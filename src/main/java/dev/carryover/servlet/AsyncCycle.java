package dev.carryover.servlet;

import dev.carryover.session.SessionUnavailableException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous life of one request: hands out contexts that commit the session before the
 * container sends the rest of the response, and ends the request's session with the cycle.
 */
final class AsyncCycle {

  private static final Logger log = LoggerFactory.getLogger(AsyncCycle.class);

  private final RequestSession session;
  private final ServletResponse response;
  private final Runnable onComplete;
  private volatile @Nullable Context started;
  private volatile boolean completed;

  /**
   * @param response ours, which an asynchronous request without one of its own is given
   * @param onComplete run when the cycle is over; perhaps more than once
   */
  AsyncCycle(RequestSession session, ServletResponse response, Runnable onComplete) {
    this.session = session;
    this.response = response;
    this.onComplete = onComplete;
  }

  /**
   * True if a request that leaves the chain now is not complete. The container's {@code
   * isAsyncStarted} does not tell: it may be false as soon as a dispatch was asked for.
   */
  boolean isUnderWay() {
    return started != null && !completed;
  }

  /** Starts with our own request and response, which are the original ones to the application. */
  AsyncContext start(SessionRequest request) {
    return started(request.startContainerAsync(request, response), true);
  }

  /** Starts with what the application passes on. */
  AsyncContext start(
      SessionRequest request, ServletRequest passed, ServletResponse passedResponse) {
    boolean original = passed == request && passedResponse == response;
    return started(request.startContainerAsync(passed, passedResponse), original);
  }

  /** The context that was handed out for a container's. */
  AsyncContext context(AsyncContext container) {
    Context last = started;
    return last != null && last.container == container ? last : container;
  }

  private AsyncContext started(AsyncContext container, boolean original) {
    Context context = new Context(container, original);
    container.addListener(new EndOfCycle());
    started = context;
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

  /** The container's context, with a commit before everything that ends the response. */
  private final class Context implements AsyncContext {

    private final AsyncContext container;
    private final boolean original;

    private Context(AsyncContext container, boolean original) {
      this.container = container;
      this.original = original;
    }

    private Context restarted(AsyncContext next) {
      return new Context(next, original);
    }

    @Override
    public ServletRequest getRequest() {
      return container.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
      return container.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
      return original;
    }

    @Override
    public void dispatch() {
      session.commit();
      container.dispatch();
    }

    @Override
    public void dispatch(String path) {
      session.commit();
      container.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext context, String path) {
      session.commit();
      container.dispatch(context, path);
    }

    @Override
    public void complete() {
      try {
        session.commit();
      } catch (SessionUnavailableException e) {
        refuse(e);
      }
      container.complete();
    }

    /** What a listener has changed. */
    private void save() {
      session.commit();
    }

    /** The client must not wait for a response that nobody completes. */
    private void refuse(SessionUnavailableException failure) {
      log.error("A request could not be answered: {}", failure.getMessage());
      session.giveUp();
      if (response instanceof HttpServletResponse && !response.isCommitted()) {
        response.reset();
        ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      }
    }

    @Override
    public void start(Runnable run) {
      container.start(run);
    }

    @Override
    public void addListener(AsyncListener listener) {
      container.addListener(new Translated(listener, this));
    }

    @Override
    public void addListener(
        AsyncListener listener, ServletRequest request, ServletResponse response) {
      container.addListener(new Translated(listener, this), request, response);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
      return container.createListener(type);
    }

    @Override
    public void setTimeout(long timeout) {
      container.setTimeout(timeout);
    }

    @Override
    public long getTimeout() {
      return container.getTimeout();
    }
  }

  /** A listener of the application's, whose events name our context instead of the container's. */
  private static final class Translated implements AsyncListener {

    private final AsyncListener listener;
    private final Context context;

    private Translated(AsyncListener listener, Context context) {
      this.listener = listener;
      this.context = context;
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
      listener.onComplete(ours(event));
      context.save();
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      listener.onTimeout(ours(event));
      context.save();
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
      listener.onError(ours(event));
      context.save();
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
      // The next cycle's context, to which the listener may add itself again.
      listener.onStartAsync(ours(event, context.restarted(event.getAsyncContext())));
    }

    private AsyncEvent ours(AsyncEvent event) {
      return ours(event, context);
    }

    private static AsyncEvent ours(AsyncEvent event, AsyncContext context) {
      return new AsyncEvent(
          context, event.getSuppliedRequest(), event.getSuppliedResponse(), event.getThrowable());
    }
  }
}
