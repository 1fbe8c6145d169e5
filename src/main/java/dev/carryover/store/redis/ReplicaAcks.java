package dev.carryover.store.redis;

import dev.carryover.config.OnMissingAcks;
import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.Counter;
import dev.carryover.metrics.SessionMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisson.api.BatchOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many replicas have to acknowledge a change, and what if they do not. Thread-safe. */
final class ReplicaAcks {

  private static final Logger log = LoggerFactory.getLogger(ReplicaAcks.class);

  /** For asking whether acknowledgements are back, without waiting for them. */
  private static final Duration NO_TIME = Duration.ofMillis(1);

  private final int wanted;
  private final Duration timeout;
  private final boolean fails;
  private final SessionMetrics metrics;
  private final AtomicBoolean missing = new AtomicBoolean();

  ReplicaAcks(SessionConfig config, SessionMetrics metrics) {
    wanted = config.minReplicaAcks();
    timeout = config.replicaAckTimeout();
    fails = config.onMissingAcks() == OnMissingAcks.FAIL;
    this.metrics = metrics;
  }

  /** True if any are wanted. */
  boolean areWanted() {
    return wanted > 0;
  }

  /** How to send a change. */
  BatchOptions options() {
    boolean waits = fails || !missing.get();
    // Redisson would send again what has no answer: WAIT alone, which has nothing to wait for then.
    return BatchOptions.defaults().sync(wanted, waits ? timeout : NO_TIME).retryAttempts(0);
  }

  /**
   * So many have come in time.
   *
   * @return false if the change must not count as stored
   */
  boolean suffice(int acks) {
    boolean enough = acks >= wanted;
    if (!enough) {
      metrics.count(Counter.REDIS_UNACKNOWLEDGED);
    }
    if (missing.compareAndSet(enough, !enough)) {
      say(enough, acks);
    }
    return enough || !fails;
  }

  private void say(boolean enough, int acks) {
    if (enough) {
      log.info("{} replicas acknowledge changes again", wanted);
    } else {
      log.warn(
          "{} of {} replicas have acknowledged a change within {} ms{}",
          acks,
          wanted,
          timeout.toMillis(),
          fails ? "; it counts as not stored" : "; a failover may lose changes from now on");
    }
  }
}
