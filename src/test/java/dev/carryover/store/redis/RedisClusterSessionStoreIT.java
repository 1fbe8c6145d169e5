package dev.carryover.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.config.SessionConfig;
import dev.carryover.store.SessionStore;
import dev.carryover.testing.RedisCluster;
import dev.carryover.testing.RedisProbe;
import dev.carryover.testing.RedisServer;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisClusterSessionStoreIT extends RedisStoreContract {

  private static final Map<RedisServer, RedisProbe> PROBES = new LinkedHashMap<>();
  private static RedisCluster cluster;
  private static SessionStore store;
  private static SessionStore fixedStore;

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
    SessionConfig config = SessionConfig.builder().redisUrl(cluster.url()).build();
    store = RedisSessionStore.connect(config, NAMESPACE);
    fixedStore = RedisSessionStore.connect(config.toBuilder().sliding(false).build(), NAMESPACE);
    cluster.masters().forEach(master -> PROBES.put(master, RedisProbe.of(master)));
  }

  @AfterAll
  static void stop() {
    PROBES.values().forEach(RedisProbe::close);
    store.close();
    fixedStore.close();
    cluster.close();
  }

  @BeforeEach
  void empty() {
    cluster.flushAll();
  }

  @Override
  protected SessionStore store() {
    return store;
  }

  @Override
  protected SessionStore fixedStore() {
    return fixedStore;
  }

  @Override
  RedisProbe probe(String key) {
    return PROBES.get(cluster.masterOf(key));
  }

  @Override
  Collection<RedisProbe> probes() {
    return PROBES.values();
  }

  @Test
  void sessionsAreOnAllMastersAndDueOnes() {
    Set<String> ids = new TreeSet<>();
    for (char shard : RedisKeys.SHARDS.toCharArray()) {
      String id = shard + "x".repeat(42);
      create(store, id, INTERVAL, Map.of("a", "1"));
      ids.add(rotate(id));
    }
    assertThat(PROBES.values())
        .allSatisfy(probe -> assertThat(probe.keys("*:session:*")).hasSizeGreaterThan(5));

    ids.forEach(id -> elapse(id, Duration.ofSeconds(INTERVAL + 1)));

    assertThat(new TreeSet<>(store.due(10).ids())).isEqualTo(ids);
    assertThat(ids).allSatisfy(id -> assertThat(store.claim(id, LEASE)).isNotNull());
  }
}
