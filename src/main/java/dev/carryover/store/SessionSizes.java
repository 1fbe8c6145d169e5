package dev.carryover.store;

import java.util.Map;

/** A session, and how long its encoded attributes are. Immutable. */
public final class SessionSizes {

  private final SessionSummary summary;
  private final Map<String, Long> bytes;

  public SessionSizes(SessionSummary summary, Map<String, Long> bytes) {
    this.summary = summary;
    this.bytes = Map.copyOf(bytes);
  }

  public SessionSummary summary() {
    return summary;
  }

  /** The bytes of each attribute as the store has it, by its name. */
  public Map<String, Long> bytes() {
    return bytes;
  }
}
