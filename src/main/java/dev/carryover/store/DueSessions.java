package dev.carryover.store;

import java.util.List;

/** Sessions that seem to have passed their deadline, and when the next one will. Immutable. */
public final class DueSessions {

  private final List<String> ids;
  private final long nextDeadline;

  public DueSessions(List<String> ids, long nextDeadline) {
    this.ids = List.copyOf(ids);
    this.nextDeadline = nextDeadline;
  }

  public List<String> ids() {
    return ids;
  }

  /** In the store's milliseconds since the epoch; {@link Long#MAX_VALUE} if none is known. */
  public long nextDeadline() {
    return nextDeadline;
  }
}
