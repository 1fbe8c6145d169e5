package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carryover.config.SessionConfig;
import dev.carryover.session.SessionId;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionStoreException;
import dev.carryover.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReachabilityIT {

  private static final Duration TIMEOUT = Duration.ofMillis(500);

  @Test
  void aRedisThatNeverAnswersIsWaitedForNoLongerThanTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SessionStore store = connect("redis://127.0.0.1:" + silent.getLocalPort())) {
      long start = System.nanoTime();

      assertThatThrownBy(() -> store.open(SessionId.create(), 0))
          .isInstanceOf(SessionStoreException.class)
          .hasMessageContaining("500 ms");

      // Far above the time-out, for slow machines, and far below what connecting takes.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void theThreadThatConnectsEndsOnceItHas() {
    try (RedisServer redis = RedisServer.start();
        SessionStore store = connect(redis.url())) {
      await().until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(this::connects));

      assertThat(store.open(SessionId.create(), 0)).isNull();
    }
  }

  private boolean connects(Thread thread) {
    return thread.getName().equals("carryover-redis-connect");
  }

  private static SessionStore connect(String url) {
    SessionConfig config =
        SessionConfig.builder()
            .redisUrl(url)
            .redisTimeout(TIMEOUT)
            .redisConnectTimeout(Duration.ofSeconds(20))
            .build();
    return RedisSessionStore.connect(config, "first");
  }
}
