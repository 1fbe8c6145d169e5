package dev.carryover.config;

import java.util.Locale;

/**
 * What becomes of a login when the user has as many sessions as one may have: the key {@code
 * carryover.on-max-sessions}.
 */
public enum OnMaxSessions {
  /** The session in which the user logged in first is ended, and the login goes on. */
  EVICT_OLDEST,

  /** The session that logs in is ended, and its request is answered with 403. */
  REJECT;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
