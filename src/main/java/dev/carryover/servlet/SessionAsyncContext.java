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

/**
 * The container's asynchronous context, with a commit before everything that ends the response.
 * Containers that have one context for all cycles of a request have one of these for it, so that
 * applications may compare them.
 */
final class SessionAsyncContext implements AsyncContext {

  private final RequestSession session;
  private final AsyncContext container;
  private volatile boolean original;
  private volatile @Nullable String path;

  private SessionAsyncContext(RequestSession session, AsyncContext container) {
    this.session = session;
    this.container = container;
  }

  /** The one that stands for a container's; the same as the last time, if that one is the same. */
  static SessionAsyncContext of(AsyncContext container, RequestSession session) {
    SessionAsyncContext last = session.asyncContext();
    if (last != null && last.container == container) {
      return last;
    }
    SessionAsyncContext next = new SessionAsyncContext(session, container);
    session.asyncContext(next);
    return next;
  }

  /**
   * A cycle starts.
   *
   * @param original whether the application has passed nothing on but what the container gave it
   * @param path where to go without a path of the application's, or null if the container knows
   */
  void starts(boolean original, @Nullable String path) {
    this.original = original;
    this.path = path;
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
    // Whether that can still be asked is the container's decision.
    return container.hasOriginalRequestAndResponse() || original;
  }

  @Override
  public void dispatch() {
    String known = path;
    onceSaved(known == null ? container::dispatch : () -> container.dispatch(known));
  }

  @Override
  public void dispatch(String path) {
    onceSaved(() -> container.dispatch(path));
  }

  @Override
  public void dispatch(ServletContext context, String path) {
    onceSaved(() -> container.dispatch(context, path));
  }

  @Override
  public void complete() {
    onceSaved(container::complete);
  }

  /** What can't be saved is refused, and complete: nobody else may be there to do so. */
  private void onceSaved(Runnable next) {
    try {
      session.commit();
    } catch (SessionUnavailableException e) {
      Refusal.sayUnavailable(e);
      refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      container.complete();
      return;
    } catch (TooManySessionsException e) {
      Refusal.sayLoginTooMany(e);
      refuse(HttpServletResponse.SC_FORBIDDEN);
      container.complete();
      return;
    }
    next.run();
  }

  /** The client must not wait for a response that nobody completes. */
  private void refuse(int status) {
    boolean isForNow = status == HttpServletResponse.SC_SERVICE_UNAVAILABLE;
    if (isForNow) {
      session.giveUp();
    }
    ServletResponse response = container.getResponse();
    if (response instanceof HttpServletResponse && !response.isCommitted()) {
      HttpServletResponse refusal = (HttpServletResponse) response;
      refusal.reset();
      if (isForNow) {
        refusal.setHeader("Retry-After", Refusal.RETRY_AFTER_SECONDS);
      } else {
        session.tellRefusal();
      }
      refusal.setStatus(status);
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

  /** A listener of the application's, whose events name our context instead of the container's. */
  private static final class Translated implements AsyncListener {

    private final AsyncListener listener;
    private final SessionAsyncContext context;

    private Translated(AsyncListener listener, SessionAsyncContext context) {
      this.listener = listener;
      this.context = context;
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
      listener.onComplete(ours(event, context));
      context.session.commit();
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      listener.onTimeout(ours(event, context));
      context.session.commit();
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
      listener.onError(ours(event, context));
      context.session.commit();
    }

    /** The next cycle's context, to which the listener may add itself again. */
    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
      listener.onStartAsync(ours(event, of(event.getAsyncContext(), context.session)));
    }

    private static AsyncEvent ours(AsyncEvent event, AsyncContext context) {
      return new AsyncEvent(
          context, event.getSuppliedRequest(), event.getSuppliedResponse(), event.getThrowable());
    }
  }
}
