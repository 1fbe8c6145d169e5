package dev.carryover.servlet.container;

import jakarta.servlet.ServletRequest;

/**
 * Gives the application's request listeners the requests that they shall see. Called in rounds,
 * each on one thread: one call of {@link #requestInitialized} before the first listener is told,
 * one of {@link #requestDestroyed} before the last is, and one of {@link #afterRequestDestroyed}
 * behind it.
 *
 * <p>Containers differ in what they take for the life of a request. Tomcat has one round of each
 * kind, the second when an asynchronous request is complete, on another thread. Jetty and Undertow
 * have two rounds for each asynchronous dispatch too. Undertow also frames the calls of {@code
 * AsyncListener}s, with whatever request {@code startAsync} was given, which may be ours already.
 */
public interface RequestListenerHook {

  /**
   * A request comes in, before any filter.
   *
   * @return what the listeners shall see instead: the same object that the filter then passes on
   */
  ServletRequest requestInitialized(ServletRequest containerRequest);

  /**
   * The request, or one dispatch of it, is over.
   *
   * @return the same object as at the beginning; the container's, if this hook was not there then
   */
  ServletRequest requestDestroyed(ServletRequest containerRequest);

  /** All listeners have been told that it is over, or those that the container would tell. */
  void afterRequestDestroyed(ServletRequest containerRequest);
}
