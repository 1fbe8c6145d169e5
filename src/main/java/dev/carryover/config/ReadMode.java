package dev.carryover.config;

import java.util.Locale;

/** What a node does before a request reads a session: the key {@code carryover.read}. */
public enum ReadMode {
  /** It asks Redis, once a request, so that what is read is what Redis held then. */
  VALIDATED,

  /**
   * The node that served the session last does not ask, until it is told that another node has
   * opened or changed it. For load balancers that stick. A request may see a session as it was
   * until that word has come: milliseconds as a rule, some seconds where the connection for it has
   * broken.
   */
  TRUSTED;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
