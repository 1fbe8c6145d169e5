package dev.carryover.config;

import java.util.Locale;

/**
 * What becomes of a request that comes with the session of another client: the key {@code
 * carryover.on-bind-mismatch}.
 */
public enum OnBindMismatch {
  /** The request has no session, as if there were none of that id; the session goes on. */
  REJECT,

  /** The session is ended, for both. */
  INVALIDATE,

  /** The request has the session; the log says so. */
  LOG;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
