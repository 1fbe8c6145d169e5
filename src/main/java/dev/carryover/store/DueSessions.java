package dev.carryover.store;

import java.util.List;

/** Sessions that seem to have passed their deadline, and when the next one will. Immutable. */
public final class DueSessions {

  private final List<String> names;
  private final long nextDeadline;

  public DueSessions(List<String> names, long nextDeadline) {
    this.names = List.copyOf(names);
    this.nextDeadline = nextDeadline;
  }

  /** By what {@link SessionStore#claim} knows them: their ids, or what stands for these. */
  public List<String> names() {
    return names;
  }

  /** In the store's milliseconds since the epoch; {@link Long#MAX_VALUE} if none is known. */
  public long nextDeadline() {
    return nextDeadline;
  }
}
