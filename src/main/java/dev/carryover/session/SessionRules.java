package dev.carryover.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a deployment decides about its sessions. Immutable. */
public final class SessionRules {

  /** Of the time to a deadline; the rest is for what the clocks don't know of each other. */
  private static final double TRUSTED = 0.9;

  private final Duration maxInactiveInterval;
  private final boolean detectsMutation;
  private final Duration pollInterval;
  private final Duration expiryLease;
  private boolean oneGraph;
  private boolean sliding = true;
  private Duration maxAge = Duration.ZERO;
  private boolean trustsCopies;
  private int nearCacheSessions;
  private long nearCacheBytes;
  private SizeLimits sizeLimits = SizeLimits.NONE;
  private int newSessionsPerSecond;
  private int journalSessions;
  private long journalBytes;

  /**
   * Rules without a near cache, with deadlines that slide, and with attributes that are written one
   * by one.
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
    this.maxInactiveInterval = maxInactiveInterval;
    this.detectsMutation = detectsMutation;
    this.pollInterval = pollInterval;
    this.expiryLease = expiryLease;
  }

  private SessionRules(SessionRules other) {
    this(other.maxInactiveInterval, other.detectsMutation, other.pollInterval, other.expiryLease);
    oneGraph = other.oneGraph;
    sliding = other.sliding;
    maxAge = other.maxAge;
    trustsCopies = other.trustsCopies;
    nearCacheSessions = other.nearCacheSessions;
    nearCacheBytes = other.nearCacheBytes;
    journalSessions = other.journalSessions;
    journalBytes = other.journalBytes;
    sizeLimits = other.sizeLimits;
    newSessionsPerSecond = other.newSessionsPerSecond;
  }

  /** The same rules for sessions whose attributes are written together, as one graph. */
  public SessionRules inOneGraph() {
    SessionRules rules = new SessionRules(this);
    rules.oneGraph = true;
    return rules;
  }

  /** The same rules for deadlines that accesses do not move. */
  public SessionRules withFixedDeadlines() {
    SessionRules rules = new SessionRules(this);
    rules.sliding = false;
    return rules;
  }

  /**
   * The same rules for sessions that do not get older than that, however often they are used.
   *
   * @param maxAge zero for any age
   */
  public SessionRules withMaxAge(Duration maxAge) {
    SessionRules rules = new SessionRules(this);
    rules.maxAge = maxAge;
    return rules;
  }

  /**
   * The same rules for a node that keeps sessions between requests.
   *
   * @param sessions the most that it keeps
   * @param bytes the most encoded bytes that they have together
   */
  public SessionRules withNearCache(int sessions, long bytes) {
    SessionRules rules = new SessionRules(this);
    rules.nearCacheSessions = sessions;
    rules.nearCacheBytes = bytes;
    return rules;
  }

  /** The same rules for a node that does not ask the store while it holds a session. */
  public SessionRules trustingCopies() {
    SessionRules rules = new SessionRules(this);
    rules.trustsCopies = true;
    return rules;
  }

  /**
   * The same rules for a node that goes on by itself while the store can't be asked.
   *
   * @param sessions the most whose changes it keeps until they can be written
   * @param bytes the most encoded bytes of such changes
   */
  public SessionRules goingOnAlone(int sessions, long bytes) {
    SessionRules rules = new SessionRules(this);
    rules.journalSessions = sessions;
    rules.journalBytes = bytes;
    return rules;
  }

  /**
   * The same rules with the most encoded bytes that attributes and sessions may have; 0 for any.
   *
   * @param unfetched how many bytes an attribute may have that comes with its session
   */
  public SessionRules withSizeLimits(long attribute, long session, long unfetched) {
    SessionRules rules = new SessionRules(this);
    rules.sizeLimits = new SizeLimits(attribute, session, unfetched);
    return rules;
  }

  /** The same rules for a node that creates no more sessions in a second than this. */
  public SessionRules creatingAtMost(int newSessionsPerSecond) {
    SessionRules rules = new SessionRules(this);
    rules.newSessionsPerSecond = newSessionsPerSecond;
    return rules;
  }

  SizeLimits sizeLimits() {
    return sizeLimits;
  }

  /** 0 for any number. */
  int newSessionsPerSecond() {
    return newSessionsPerSecond;
  }

  boolean isOneGraph() {
    return oneGraph;
  }

  /**
   * When a session ends that is not used any more, in milliseconds.
   *
   * @param maxInactiveInterval in seconds; zero or less for never
   * @return {@link Long#MAX_VALUE} for never
   */
  long deadline(long createdAt, long accessedAt, int maxInactiveInterval) {
    return deadline(createdAt, accessedAt, maxInactiveInterval, 1);
  }

  /** Until when a node may take a session for alive without asking, by the store's time. */
  long trustedUntil(long createdAt, long accessedAt, int maxInactiveInterval) {
    return deadline(createdAt, accessedAt, maxInactiveInterval, TRUSTED);
  }

  private long deadline(long createdAt, long accessedAt, int maxInactiveInterval, double part) {
    long from = sliding ? accessedAt : createdAt;
    long idle = TimeUnit.SECONDS.toMillis(maxInactiveInterval);
    return Math.min(
        idle > 0 ? from + (long) (idle * part) : Long.MAX_VALUE,
        maxAge.isZero() ? Long.MAX_VALUE : createdAt + (long) (maxAge.toMillis() * part));
  }

  boolean trustsCopies() {
    return trustsCopies;
  }

  boolean hasNearCache() {
    return nearCacheSessions > 0;
  }

  boolean goesOnAlone() {
    return journalSessions > 0;
  }

  int journalSessions() {
    return journalSessions;
  }

  long journalBytes() {
    return journalBytes;
  }

  int nearCacheSessions() {
    return nearCacheSessions;
  }

  long nearCacheBytes() {
    return nearCacheBytes;
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
