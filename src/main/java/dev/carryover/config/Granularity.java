package dev.carryover.config;

import java.util.Locale;

/** What is encoded and written as one piece: the key {@code carryover.granularity}. */
public enum Granularity {
  /**
   * Each attribute on its own. Only what changed is decoded, compared and sent, and nodes that
   * write different attributes at the same time never lose each other's. An object that two
   * attributes share is two objects after the session was read anew.
   */
  ATTRIBUTE,

  /**
   * All attributes together, as one graph of objects: what they share stays shared. Each change
   * sends the whole session, of two nodes that write at the same time the last one wins, and one
   * value that can't be carried or decoded keeps all of them back.
   */
  SESSION;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
