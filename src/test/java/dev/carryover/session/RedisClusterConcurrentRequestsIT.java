package dev.carryover.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carryover.config.SessionConfig;
import dev.carryover.store.SessionStore;
import dev.carryover.store.redis.RedisSessionStore;
import dev.carryover.testing.RedisCluster;
import dev.carryover.testing.RedisProbe;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class RedisClusterConcurrentRequestsIT extends ConcurrentRequests {

  private static RedisCluster redis;
  private static List<SessionStore> stores;

  @BeforeContainer
  static void start() {
    redis = RedisCluster.start();
    SessionConfig config =
        SessionConfig.builder().redisUrl(redis.url()).redisTimeout(Duration.ofSeconds(20)).build();
    stores =
        List.of(
            RedisSessionStore.connect(config, "shop"), RedisSessionStore.connect(config, "shop"));
  }

  @AfterContainer
  static void stop() {
    stores.forEach(SessionStore::close);
    redis.close();
  }

  @Override
  SessionStore store(int node) {
    return stores.get(node);
  }

  @Override
  void expire(String id) {
    String record = "carryover:{shop:" + id.charAt(0) + "}:session:" + id;
    try (RedisProbe probe = RedisProbe.of(redis.masterOf(record))) {
      probe.hset(record, "~accessed", "1000".getBytes(UTF_8));
    }
  }

  @Property(tries = 100)
  void requestsDoWhatTheModelSays(@ForAll("steps") List<Step> steps) {
    check(steps);
  }

  @Example
  void threadsLoseNothing() throws Exception {
    checkThreads(150);
  }
}
