package dev.carryover.session;

import java.time.Duration;

/** What a deployment decides about its sessions. Immutable. */
public final class SessionRules {

  private final Duration maxInactiveInterval;
  private final boolean detectsMutation;
  private final Duration pollInterval;
  private final Duration expiryLease;
  private final boolean oneGraph;
  private final int nearCacheSessions;
  private final long nearCacheBytes;

  /**
   * Rules without a near cache, and with attributes that are written one by one.
   *
   * @param maxInactiveInterval of new sessions, in whole seconds; zero for never
   * @param detectsMutation whether attributes that were read are looked at for changes in place
   * @param pollInterval the longest time between two looks for expired sessions
   * @param expiryLease how long a node may take to tell the listeners of a session's end
   */
  public SessionRules(
      Duration maxInactiveInterval,
      boolean detectsMutation,
      Duration pollInterval,
      Duration expiryLease) {
    this(maxInactiveInterval, detectsMutation, pollInterval, expiryLease, false, 0, 0);
  }

  private SessionRules(
      Duration maxInactiveInterval,
      boolean detectsMutation,
      Duration pollInterval,
      Duration expiryLease,
      boolean oneGraph,
      int nearCacheSessions,
      long nearCacheBytes) {
    this.maxInactiveInterval = maxInactiveInterval;
    this.detectsMutation = detectsMutation;
    this.pollInterval = pollInterval;
    this.expiryLease = expiryLease;
    this.oneGraph = oneGraph;
    this.nearCacheSessions = nearCacheSessions;
    this.nearCacheBytes = nearCacheBytes;
  }

  /** The same rules for sessions whose attributes are written together, as one graph. */
  public SessionRules inOneGraph() {
    return new SessionRules(
        maxInactiveInterval,
        detectsMutation,
        pollInterval,
        expiryLease,
        true,
        nearCacheSessions,
        nearCacheBytes);
  }

  /**
   * The same rules for a node that keeps sessions between requests.
   *
   * @param sessions the most that it keeps
   * @param bytes the most encoded bytes that they have together
   */
  public SessionRules withNearCache(int sessions, long bytes) {
    return new SessionRules(
        maxInactiveInterval, detectsMutation, pollInterval, expiryLease, oneGraph, sessions, bytes);
  }

  boolean hasNearCache() {
    return nearCacheSessions > 0;
  }

  int nearCacheSessions() {
    return nearCacheSessions;
  }

  long nearCacheBytes() {
    return nearCacheBytes;
  }

  boolean isOneGraph() {
    return oneGraph;
  }

  public Duration maxInactiveInterval() {
    return maxInactiveInterval;
  }

  public boolean detectsMutation() {
    return detectsMutation;
  }

  public Duration pollInterval() {
    return pollInterval;
  }

  public Duration expiryLease() {
    return expiryLease;
  }
}
