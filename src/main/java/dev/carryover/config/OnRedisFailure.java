package dev.carryover.config;

import java.util.Locale;

/**
 * What becomes of requests that need a session while Redis can't be asked: the key {@code
 * carryover.on-redis-failure}.
 */
public enum OnRedisFailure {
  /** They are answered 503, with {@code Retry-After}. */
  REJECT,

  /**
   * They go on with what their node has of the session. Changes, and new sessions, are kept on the
   * node and written once Redis can be asked. Meanwhile no node knows what another does: a session
   * that was ended or whose id was changed elsewhere may still be served, by its old id too. For
   * load balancers that stick.
   */
  LOCAL;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
