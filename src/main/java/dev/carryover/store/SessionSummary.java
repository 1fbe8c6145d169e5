package dev.carryover.store;

import org.jspecify.annotations.Nullable;

/** What a store knows of a session beside its attributes. Immutable. */
public final class SessionSummary {

  private final String id;
  private final long createdAt;
  private final long lastAccessedAt;
  private final int maxInactiveInterval;
  private final @Nullable String principal;

  /**
   * @param createdAt in the store's milliseconds since the epoch, as is {@code lastAccessedAt}
   * @param maxInactiveInterval in seconds; zero or less for never
   */
  public SessionSummary(
      String id,
      long createdAt,
      long lastAccessedAt,
      int maxInactiveInterval,
      @Nullable String principal) {
    this.id = id;
    this.createdAt = createdAt;
    this.lastAccessedAt = lastAccessedAt;
    this.maxInactiveInterval = maxInactiveInterval;
    this.principal = principal;
  }

  /** The session's id: whoever has it can take over the session. */
  public String id() {
    return id;
  }

  /** When the session was created, in the store's milliseconds since the epoch. */
  public long createdAt() {
    return createdAt;
  }

  /** When the session was accessed last, in the store's milliseconds since the epoch. */
  public long lastAccessedAt() {
    return lastAccessedAt;
  }

  /** The inactivity after which the session expires, in seconds; zero or less for never. */
  public int maxInactiveInterval() {
    return maxInactiveInterval;
  }

  /** The user's name, or null. */
  public @Nullable String principal() {
    return principal;
  }

  /** Names no id: ids are credentials. */
  @Override
  public String toString() {
    return "SessionSummary{createdAt=" + createdAt + ", lastAccessedAt=" + lastAccessedAt + '}';
  }
}
