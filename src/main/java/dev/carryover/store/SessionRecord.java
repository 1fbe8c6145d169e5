package dev.carryover.store;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a store answers of one session: its metadata, and either all its encoded attributes or only
 * what changed since the version that was asked with. Immutable; the byte arrays are shared and
 * must not be written to.
 */
public final class SessionRecord {

  private final String id;
  private final long createdAt;
  private final long lastAccessedAt;
  private final int maxInactiveInterval;
  private final @Nullable String principal;
  private final long version;
  private final boolean complete;
  private final boolean unchanged;
  private final Map<String, byte[]> attributes;
  private final Set<String> removed;
  private final Set<String> deferred;
  private final @Nullable Attachment attachment;

  private SessionRecord(Builder builder) {
    id = builder.id;
    createdAt = builder.createdAt;
    lastAccessedAt = builder.lastAccessedAt;
    maxInactiveInterval = builder.maxInactiveInterval;
    principal = builder.principal;
    version = builder.version;
    complete = builder.complete;
    unchanged = builder.unchanged;
    attributes = builder.attributes;
    removed = builder.removed;
    deferred = builder.deferred;
    attachment = builder.attachment;
  }

  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** The session's id. */
  public String id() {
    return id;
  }

  /** When the session was created, in the store's milliseconds since the epoch. */
  public long createdAt() {
    return createdAt;
  }

  /** When the session was accessed before this time, in the store's milliseconds. */
  public long lastAccessedAt() {
    return lastAccessedAt;
  }

  /** The inactivity after which the session expires, in seconds; zero or less for never. */
  public int maxInactiveInterval() {
    return maxInactiveInterval;
  }

  /** The name of the user the container authenticated, or null. */
  public @Nullable String principal() {
    return principal;
  }

  /** Grows by one with each commit that changes anything but the id. */
  public long version() {
    return version;
  }

  /**
   * True if {@link #attributes} is all there is; false if it is what changed since the version that
   * was asked with.
   */
  public boolean complete() {
    return complete;
  }

  /**
   * True if the node knows this version: there is nothing in here then but when the session was
   * accessed.
   */
  public boolean isUnchanged() {
    return unchanged;
  }

  /** The encoded attributes by name. */
  public Map<String, byte[]> attributes() {
    return attributes;
  }

  /** The names of attributes that are there but left out for their size. */
  public Set<String> deferred() {
    return deferred;
  }

  /** The names removed since the version asked with; empty in a complete record. */
  public Set<String> removed() {
    return removed;
  }

  /** For the session's next delta. */
  public @Nullable Attachment attachment() {
    return attachment;
  }

  /** Names no id: ids are credentials. */
  @Override
  public String toString() {
    return "SessionRecord{version="
        + version
        + (complete ? ", attributes=" : ", changed=")
        + attributes.keySet()
        + ", removed="
        + removed
        + '}';
  }

  /** Collects a record; each value must be set once. Not thread-safe. */
  public static final class Builder {

    private final String id;
    private long createdAt;
    private long lastAccessedAt;
    private int maxInactiveInterval;
    private @Nullable String principal;
    private long version;
    private boolean complete;
    private boolean unchanged;
    private Map<String, byte[]> attributes = Map.of();
    private Set<String> removed = Set.of();
    private Set<String> deferred = Set.of();
    private @Nullable Attachment attachment;

    private Builder(String id) {
      this.id = Objects.requireNonNull(id);
    }

    public Builder times(long createdAt, long lastAccessedAt, int maxInactiveInterval) {
      this.createdAt = createdAt;
      this.lastAccessedAt = lastAccessedAt;
      this.maxInactiveInterval = maxInactiveInterval;
      return this;
    }

    public Builder principal(@Nullable String principal) {
      this.principal = principal;
      return this;
    }

    public Builder attachment(@Nullable Attachment attachment) {
      this.attachment = attachment;
      return this;
    }

    /** The record holds all attributes. */
    public Builder complete(long version, Map<String, byte[]> attributes) {
      this.version = version;
      this.complete = true;
      this.attributes = attributes;
      return this;
    }

    /** Attributes that are left out; the store has them. */
    public Builder deferred(Set<String> names) {
      this.deferred = names;
      return this;
    }

    /** The node knows this version. */
    public Builder unchanged(long version) {
      this.version = version;
      this.unchanged = true;
      return this;
    }

    /** The record holds what changed since the version asked with. */
    public Builder changes(long version, Map<String, byte[]> attributes, Set<String> removed) {
      this.version = version;
      this.complete = false;
      this.attributes = attributes;
      this.removed = removed;
      return this;
    }

    public SessionRecord build() {
      return new SessionRecord(this);
    }
  }
}
