package dev.carryover.session;

import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many sessions this node may create in a second. Thread-safe. */
final class CreationLimit {

  private static final Logger log = LoggerFactory.getLogger(CreationLimit.class);
  private static final long SAID_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final int perSecond;
  private final @Nullable RateLimiter<Object> limiter;
  private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SAID_EVERY_NANOS);

  /**
   * @param perSecond 0 for any number
   */
  CreationLimit(int perSecond) {
    this.perSecond = perSecond;
    this.limiter =
        perSecond == 0
            ? null
            : RateLimiter.<Object>burstyBuilder(perSecond, Duration.ofSeconds(1)).build();
  }

  /** Counts one more; false if it is one too many. */
  boolean allows() {
    boolean allowed = limiter == null || limiter.tryAcquirePermit();
    if (!allowed) {
      say();
    }
    return allowed;
  }

  private void say() {
    long before = saidAt.get();
    long now = System.nanoTime();
    if (now - before >= SAID_EVERY_NANOS && saidAt.compareAndSet(before, now)) {
      log.warn(
          "More than {} new sessions in a second (max-new-sessions-per-second); requests that want"
              + " another are refused. Said once a minute",
          perSecond);
    }
  }
}
