package dev.carryover.servlet.container;

import org.jspecify.annotations.Nullable;

/**
 * What a container's authenticator keeps while it sends a user to log in: the page that he wanted
 * first, for example. One request's.
 */
public interface LoginDetour {

  /** Whether something else is to be kept now than at the beginning. */
  boolean isChanged();

  /** What is to be kept for the next request; null for nothing. */
  byte @Nullable [] state();

  /** The inactivity that the session shall end after; zero or less for never. */
  int maxInactiveInterval();

  /** Leaves nothing of it in the container. */
  void end();
}
