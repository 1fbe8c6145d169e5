package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisClusterIT {

  @Test
  void servesEveryKeyOnTheMasterOfItsSlotAndLeavesNothingBehind() {
    List<Path> directories;
    try (RedisCluster cluster = RedisCluster.start()) {
      directories = cluster.masters().stream().map(RedisServer::directory).toList();
      assertThat(cluster.url())
          .matches(
              "redis-cluster://127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+");
      // foo has slot 12182, bar 5061, hello 866: CRC16 of the key modulo 16384.
      assertThat(cluster.masterOf("foo")).isSameAs(cluster.masters().get(2));
      assertThat(cluster.masterOf("hello")).isSameAs(cluster.masters().get(0));
      for (int i = 0; i < 100; i++) {
        set(cluster.masterOf("key" + i), "key" + i);
      }
      assertThatThrownBy(() -> set(cluster.masters().get(0), "foo"))
          .isInstanceOf(RedisError.class)
          .hasMessageContaining("MOVED 12182 127.0.0.1:" + cluster.masters().get(2).port());

      cluster.flushAll();

      assertThat(cluster.masters()).allSatisfy(RedisClusterIT::assertEmpty);
    }
    assertThat(directories).hasSize(3).allSatisfy(path -> assertThat(path).doesNotExist());
  }

  private static void set(RedisServer server, String key) {
    try (RedisProbe probe = RedisProbe.of(server)) {
      probe.command("SET", key, "value");
    }
  }

  private static void assertEmpty(RedisServer server) {
    try (RedisProbe probe = RedisProbe.of(server)) {
      assertThat(probe.keys("*")).isEmpty();
    }
  }
}
