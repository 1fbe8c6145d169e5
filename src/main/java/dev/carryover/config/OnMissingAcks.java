package dev.carryover.config;

import java.util.Locale;

/**
 * What becomes of a change that too few replicas have acknowledged in time: the key {@code
 * carryover.on-missing-acks}.
 */
public enum OnMissingAcks {
  /**
   * It counts as stored. The log says once when acknowledgements stay away and when they are back;
   * in between nobody waits for them.
   */
  LOG,

  /**
   * The request is answered 503, as if Redis had not answered in time. The master has the change
   * nevertheless.
   */
  FAIL;

  /** The constant as it is written in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
