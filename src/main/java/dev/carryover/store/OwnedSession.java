package dev.carryover.store;

import java.util.Comparator;

/** A session as the index of a principal has it. Immutable. */
public final class OwnedSession {

  /** The one that logged in first comes first, by an order that all nodes have. */
  public static final Comparator<OwnedSession> BY_LOGIN =
      Comparator.comparingLong(OwnedSession::since).thenComparing(OwnedSession::name);

  private final String name;
  private final long since;

  /**
   * @param name by what the store knows the session: its id, or what stands for it
   * @param since when the session became the principal's, in the store's milliseconds
   */
  public OwnedSession(String name, long since) {
    this.name = name;
    this.since = since;
  }

  /** By what the store knows the session: its id, or what stands for it. */
  public String name() {
    return name;
  }

  /** When the session became the principal's, in the store's milliseconds since the epoch. */
  public long since() {
    return since;
  }
}
