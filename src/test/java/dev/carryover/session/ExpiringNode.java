package dev.carryover.session;

import dev.carryover.config.SessionConfig;
import dev.carryover.metrics.SessionMetrics;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * What looks for expired sessions in a node, as a program of its own: it prints the id of each
 * session whose end it tells.
 */
public final class ExpiringNode {

  static final String READY = "ready";
  static final String ENDED = "ended ";
  static final String NAMESPACE = "expiry";

  private ExpiringNode() {}

  static SessionConfig config(String url) {
    return SessionConfig.builder().redisUrl(url).redisTimeout(Duration.ofSeconds(5)).build();
  }

  /** Goes on until it is killed; wants Redis's URL, and the lease in seconds. */
  public static void main(String... args) throws InterruptedException {
    SessionStore store = RedisSessionStore.connect(config(args[0]), NAMESPACE);
    Duration lease = Duration.ofSeconds(Long.parseLong(args[1]));
    SessionRules rules = new SessionRules(Duration.ZERO, true, Duration.ofSeconds(10), lease);
    ExpirySweeper sweeper =
        new ExpirySweeper(
            store,
            rules,
            SessionMetrics.NONE,
            record -> System.out.println(ENDED + record.id()),
            () -> {});
    sweeper.start();
    System.out.println(READY);
    new CountDownLatch(1).await();
  }
}
