package dev.carryover.metrics;

/** What has a value at any moment. */
@SuppressWarnings("ImmutableEnumChecker") // MetricName is immutable; only the checker cannot see it
public enum Gauge {
  SESSIONS_IN_USE(
      MetricName.of(
          "sessions.in.use", "Sessions that requests use now, or that can't leave this node")),
  CACHE_SESSIONS(MetricName.of("cache.sessions", "Sessions that this node keeps between requests")),
  CACHE_BYTES(
      MetricName.of("cache.bytes", "Encoded bytes of the sessions kept between requests")
          .in("bytes")),
  SESSIONS_UNSAVED(
      MetricName.of(
          "sessions.unsaved", "Sessions of which this node has what Redis could not be told")),
  REDIS_AWAY(
      MetricName.of(
          "redis.away", "Parts of Redis that don't answer: 0 or 1, up to 64 in a Cluster")),
  REDIS_FLIGHTS_UNDER_WAY(
      MetricName.of("redis.flights.under.way", "Script calls that are not answered yet")),
  REDIS_PASSENGERS_WAITING(
      MetricName.of("redis.passengers.waiting", "Operations that wait for the next script call"));

  private final MetricName metric;

  Gauge(MetricName metric) {
    this.metric = metric;
  }

  /** Its name outside. */
  public MetricName metric() {
    return metric;
  }
}
