package dev.carryover.metrics;

/** What is counted, from the start of the web application on this node on. */
@SuppressWarnings("ImmutableEnumChecker") // MetricName is immutable; only the checker cannot see it
public enum Counter {
  SESSIONS_CREATED(events("created")),
  /** Its end was told here. */
  SESSIONS_EXPIRED(events("expired")),
  /** By a request on this node. */
  SESSIONS_INVALIDATED(events("invalidated")),
  /** Has another id now. */
  SESSIONS_ROTATED(events("rotated")),

  /** A hit of the near cache. */
  OPENS_UNCHANGED(opens("unchanged")),
  /** A miss of the near cache, or a session that another node has changed. */
  OPENS_FETCHED(opens("fetched")),
  /** With {@code read=trusted}: Redis was not asked. */
  OPENS_TRUSTED(opens("trusted")),
  /** No session had the id. */
  OPENS_MISSING(opens("missing")),
  /** Redis did not answer, or was not asked because it is away. */
  OPENS_FAILED(opens("failed")),

  COMMITS_CREATED(commits("created")),
  COMMITS_WRITTEN(commits("written")),
  /** Written, and another node had written since this one last heard of the session. */
  COMMITS_CONFLICTING(commits("conflicting")),
  /** The session had ended meanwhile: nothing was written. */
  COMMITS_DROPPED(commits("dropped")),
  /** Redis did not take it; the node keeps it for the next commit, if there is one. */
  COMMITS_UNSAVED(commits("unsaved")),

  TOUCHES(MetricName.of("touches", "Touches sent for sessions that requests named, not used")),

  ATTRIBUTES_UNREADABLE(
      MetricName.of(
          "attributes.unreadable", "Attributes read as absent, as they can't be decoded")),
  ATTRIBUTES_LOCAL(
      MetricName.of("attributes.local", "Times that an attribute stayed on this node unsaved")),

  EXPIRY_TURNS(
      MetricName.of("expiry.turns", "Times that this node has looked for expired sessions")),
  EXPIRY_FAILURES(
      MetricName.of("expiry.failures", "Looks, claims and tellings of ends that have failed")),

  REDIS_FLIGHTS(MetricName.of("redis.flights", "Script calls, each a round trip")),
  REDIS_PASSENGERS(
      MetricName.of("redis.passengers", "Operations that those script calls have carried")),
  REDIS_HEALED(
      MetricName.of(
          "redis.healed", "Damage and foreign data met in Redis, and put right or passed over")),
  REDIS_BYTES_SENT(bytes("sent")),
  REDIS_BYTES_RECEIVED(bytes("received"));

  private final MetricName metric;

  Counter(MetricName metric) {
    this.metric = metric;
  }

  /** Its name outside. */
  public MetricName metric() {
    return metric;
  }

  private static MetricName events(String event) {
    // Not "sessions.created": Prometheus keeps that ending for itself.
    return MetricName.of("session.events", "What has become of sessions on this node")
        .tagged("event", event);
  }

  private static MetricName opens(String result) {
    return MetricName.of("opens", "Sessions that requests have asked for, by what came of it")
        .tagged("result", result);
  }

  private static MetricName commits(String result) {
    return MetricName.of("commits", "Changes of sessions sent to Redis, by what came of it")
        .tagged("result", result);
  }

  private static MetricName bytes(String direction) {
    return MetricName.of("redis.bytes", "Bytes on the connections to Redis")
        .tagged("direction", direction)
        .in("bytes");
  }
}
