package dev.carryover;

import dev.carryover.store.SessionSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What {@link Carryover} tells of a session: how it was when it was asked for. Immutable. */
public final class SessionInfo {

  private final SessionSummary summary;

  SessionInfo(SessionSummary summary) {
    this.summary = summary;
  }

  /**
   * {@return the session's id} Whoever has it can take over the session: show no more of it than
   * its beginning.
   */
  public String id() {
    return summary.id();
  }

  /** {@return when the session was created, by Redis's clock} */
  public Instant created() {
    return Instant.ofEpochMilli(summary.createdAt());
  }

  /** {@return when a request used the session last, by Redis's clock} */
  public Instant lastAccessed() {
    return Instant.ofEpochMilli(summary.lastAccessedAt());
  }

  /** {@return the inactivity after which the session expires, in whole seconds; empty for never} */
  public Optional<Duration> maxInactiveInterval() {
    int seconds = summary.maxInactiveInterval();
    return seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
  }

  /** {@return the name of the user who is logged in, if anybody is} */
  public Optional<String> principal() {
    return Optional.ofNullable(summary.principal());
  }

  /** Tells neither id nor user. */
  @Override
  public String toString() {
    return "SessionInfo{created="
        + created()
        + ", lastAccessed="
        + lastAccessed()
        + ", maxInactiveInterval="
        + maxInactiveInterval()
        + '}';
  }
}
