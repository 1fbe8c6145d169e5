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

  private final Map<RedisServer, RedisProbe> probes = new LinkedHashMap<>();
  private RedisCluster cluster;
  private SessionStore store;
  private SessionStore fixedStore;
  private SessionStore agingStore;

  @BeforeAll
  void start() {
    cluster = RedisCluster.start();
    SessionConfig config = config(cluster.url());
    store = RedisSessionStore.connect(config, NAMESPACE);
    fixedStore = RedisSessionStore.connect(config.toBuilder().sliding(false).build(), NAMESPACE);
    agingStore = RedisSessionStore.connect(config.toBuilder().maxAge(MAX_AGE).build(), NAMESPACE);
    cluster.masters().forEach(master -> probes.put(master, RedisProbe.of(master)));
  }

  @AfterAll
  void stop() {
    probes.values().forEach(RedisProbe::close);
    store.close();
    fixedStore.close();
    agingStore.close();
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
  protected SessionStore agingStore() {
    return agingStore;
  }

  @Override
  RedisProbe probe(String key) {
    return probes.get(cluster.masterOf(key));
  }

  @Override
  Collection<RedisProbe> probes() {
    return probes.values();
  }

  @Test
  void sessionsAreOnAllMastersAndDueOnes() {
    Set<String> ids = new TreeSet<>();
    for (char shard : RedisKeys.SHARDS.toCharArray()) {
      String id = shard + "x".repeat(42);
      create(store, id, INTERVAL, Map.of("a", "1"));
      ids.add(rotate(id));
    }
    assertThat(probes.values())
        .allSatisfy(probe -> assertThat(probe.keys("*:session:*")).hasSizeGreaterThan(5));

    ids.forEach(id -> elapse(id, Duration.ofSeconds(INTERVAL + 1)));

    assertThat(store.due(10).names())
        .containsExactlyInAnyOrderElementsOf(ids.stream().map(this::name).toList());
    assertThat(ids.stream().map(id -> store.claim(name(id), LEASE).id()))
        .containsExactlyElementsOf(ids);
  }
}
