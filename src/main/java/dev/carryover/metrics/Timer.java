package dev.carryover.metrics;

/** What is timed: how often it was, and how long in all. */
@SuppressWarnings("ImmutableEnumChecker") // MetricName is immutable; only the checker cannot see it
public enum Timer {
  CALL_OPEN(call("open")),
  CALL_LOOK(call("look")),
  CALL_LOAD(call("load")),
  CALL_CREATE(call("create")),
  CALL_COMMIT(call("commit")),
  CALL_END(call("end")),
  CALL_CLAIM(call("claim")),
  /** What requests do not wait for: polling, the console's questions. */
  CALL_OTHER(call("other")),

  /** Each outage is recorded when it is over. */
  REDIS_OUTAGES(
      MetricName.of("redis.outages", "Outages of Redis, or of a part of a Cluster, that are over")),

  EXPIRY_LAG(MetricName.of("expiry.lag", "From the deadline of a session to its claim"));

  private final MetricName metric;

  Timer(MetricName metric) {
    this.metric = metric;
  }

  /** Its name outside. */
  public MetricName metric() {
    return metric;
  }

  private static MetricName call(String operation) {
    return MetricName.of("redis.calls", "Answers of Redis that were waited for, failures included")
        .tagged("operation", operation);
  }
}
