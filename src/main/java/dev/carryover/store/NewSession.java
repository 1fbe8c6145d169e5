package dev.carryover.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session that the store does not have yet. Immutable. */
public final class NewSession {

  private final String id;
  private final long createdAt;
  private final int maxInactiveInterval;
  private final @Nullable String principal;
  private final Map<String, byte[]> attributes;

  /**
   * @param createdAt as {@link SessionStore#currentTimeMillis} told it; if it is far ahead of the
   *     store's time, which this node had not heard of yet, the store keeps its own instead
   * @param maxInactiveInterval in seconds; zero or less for never
   */
  public NewSession(
      String id,
      long createdAt,
      int maxInactiveInterval,
      @Nullable String principal,
      Map<String, byte[]> attributes) {
    this.id = id;
    this.createdAt = createdAt;
    this.maxInactiveInterval = maxInactiveInterval;
    this.principal = principal;
    this.attributes = attributes;
  }

  /** This session with what a delta changes of it. */
  public NewSession changedBy(SessionDelta delta) {
    Map<String, byte[]> changed = new LinkedHashMap<>(attributes);
    changed.putAll(delta.written());
    changed.keySet().removeAll(delta.removed());
    String newId = delta.newId();
    Integer interval = delta.maxInactiveInterval();
    return new NewSession(
        newId == null ? id : newId,
        createdAt,
        interval == null ? maxInactiveInterval : interval,
        delta.principalChanged() ? delta.principal() : principal,
        changed);
  }

  /** This session under another id. */
  public NewSession withId(String otherId) {
    return new NewSession(otherId, createdAt, maxInactiveInterval, principal, attributes);
  }

  public String id() {
    return id;
  }

  public long createdAt() {
    return createdAt;
  }

  public int maxInactiveInterval() {
    return maxInactiveInterval;
  }

  public @Nullable String principal() {
    return principal;
  }

  public Map<String, byte[]> attributes() {
    return attributes;
  }
}
